import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { parseSettings } from '../../src/config/settings';
import { needsOf } from '../../src/config/settings-needs';
import { taskQueues } from '../../src/contract/names';
import { problemsOf, type Manifest } from '../helpers/kubernetes-schemas';

interface Container {
  args: string[];
  env: { name: string; value: string }[];
  envFrom: Record<string, { name: string }>[];
  ports: { name: string; containerPort: number }[];
  volumeMounts: { name: string; mountPath: string }[];
  lifecycle?: { preStop: { exec: { command: string[] } } };
  [probe: `${string}Probe`]: { httpGet: { path: string; port: string } };
  resources: { requests: { cpu: string; memory: string }; limits: { memory: string } };
  securityContext: Record<string, unknown>;
}
interface DeploymentSpec {
  selector: { matchLabels: Labels };
  template: {
    metadata: { labels: Labels };
    spec: {
      containers: [Container];
      volumes: Record<string, unknown>[];
      securityContext: Record<string, unknown>;
      terminationGracePeriodSeconds: number;
    };
  };
}
type Labels = Record<string, string>;

const ROOT = resolve(__dirname, '../..');
const FOLDER = resolve(ROOT, 'docs/kubernetes');
const text = (name: string) => readFileSync(resolve(FOLDER, name), 'utf8');
const documentsOf = (name: string): unknown[] =>
  parseAllDocuments(text(name), { strict: true }).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as unknown;
  });

const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml') && !isCopy(name));
const MANIFESTS = FILES.filter((name) => name !== 'kustomization.yaml');
const manifests = MANIFESTS.flatMap((name) => documentsOf(name) as Manifest[]);
const named = manifests.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest] as const);
const find = (name: string): Manifest => {
  const [, manifest] = named.find(([own]) => own === name) ?? [];
  if (!manifest) throw new Error(`no ${name} among the manifests`);
  return manifest;
};
const specOf = (part: string) => find(`Deployment deskbridge-${part}`).spec as unknown as DeploymentSpec;
const containerOf = (part: string) => specOf(part).template.spec.containers[0];

/** The operator's own, beside ours. */
function isCopy(name: string): boolean {
  return text('.gitignore').split('\n').includes(name);
}

/** NAME=value lines of a file. */
const envOf = (name: string): Record<string, string> =>
  Object.fromEntries(
    text(name)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(/=(.*)/s, 2) as [string, string]),
  );
const settings = envOf('settings.env');
/** Each part has the common ones and its own. */
const secretsOf = (part: string) => ({ ...envOf('secrets.env.example'), ...envOf(`${part}-secrets.env.example`) });
const EXAMPLES = ['secrets.env.example', 'web-secrets.env.example', 'worker-secrets.env.example'];
const secrets = { ...secretsOf('web'), ...secretsOf('worker') };
const known = [...readFileSync(resolve(ROOT, '.env.example'), 'utf8').matchAll(/^#([A-Z_]+)=/gm)].map(
  ([, name]) => name,
);
const SECRETS = /(API_KEY|SECRET|PASSWORD|TOKEN|WRITE_KEY|HASH_KEY|SMTP_URL|ENCRYPTION_KEYS)$/;

const PARTS = ['web', 'worker'];

const BROKEN: Record<string, Manifest> = {
  ...Object.fromEntries(
    named.flatMap(([name, manifest]) => [
      ...Object.keys(manifest.spec).map((field) => [
        `${name}: ${field}s for ${field}`,
        withSpec(manifest, ({ [field]: value, ...rest }) => ({ ...rest, [`${field}s`]: value })),
      ]),
      [`${name}: a number for its name`, { ...manifest, metadata: { name: 7 } }],
      [`${name}: a list for its spec`, { ...manifest, spec: [] }],
      [`${name}: a version that does not exist`, { ...manifest, apiVersion: 'v9' }],
    ]),
  ),
  ...Object.fromEntries(
    (
      [
        ['Deployment deskbridge-web', 'template.spec.containers.0.readinesProbe', {}],
        ['Deployment deskbridge-web', 'template.spec.containers.0.ports.0.containerPort', 'http'],
        ['Deployment deskbridge-web', 'template.spec.securityContext.runAsNonRoot', 'yes'],
        ['Deployment deskbridge-worker', 'replicas', '2'],
        ['Deployment deskbridge-worker', 'template.spec.terminationGracePeriod', 35],
        ['Deployment deskbridge-worker', 'template.spec.containers.0.env.0.value', 9464],
        ['Deployment deskbridge-worker', 'template.spec.volumes.0.configMap.named', 'deskbridge-config'],
        ['Service deskbridge-web', 'ports.0.port', 'eighty'],
        ['PodDisruptionBudget deskbridge-worker', 'maxUnavailable', true],
        ['HorizontalPodAutoscaler deskbridge-web', 'metrics.0.resource.target.averageUtilisation', 70],
        ['ScaledObject deskbridge-worker', 'maxReplicas', 6],
        ['ScaledObject deskbridge-worker', 'triggers.0.metadata.targetQueueSize', 20],
      ] as const
    ).map(([name, path, value]) => [
      `${name}: ${path} is ${JSON.stringify(value)}`,
      withSpec(find(name), (spec) => put(spec, path.split('.'), value)),
    ]),
  ),
};

/** All are judged in one go. */
let judged: Record<string, string[] | undefined> = {};
beforeAll(() => {
  const all = { ...Object.fromEntries(named), ...BROKEN };
  const problems = problemsOf(Object.values(all));
  judged = Object.fromEntries(Object.keys(all).map((name, index) => [name, problems[index]]));
});
const said = (name: string) => judged[name];

describe('the manifests for Kubernetes', () => {
  it('are of the kinds that a cluster needs', () => {
    expect(named.map(([name]) => name).sort()).toEqual([
      'Deployment deskbridge-web',
      'Deployment deskbridge-worker',
      'HorizontalPodAutoscaler deskbridge-web',
      'NetworkPolicy deskbridge-web',
      'NetworkPolicy deskbridge-worker',
      'PodDisruptionBudget deskbridge-web',
      'PodDisruptionBudget deskbridge-worker',
      'ScaledObject deskbridge-worker',
      'Service deskbridge-web',
    ]);
  });

  it.each(named)('keep to the schemas of Kubernetes and KEDA: %s', (name) => {
    expect(said(name)).toEqual([]);
  });

  it.each(Object.keys(BROKEN))('would be refused with an error: %s', (name) => {
    expect(said(name)).not.toEqual([]);
  });

  it('of KEDA name the queue of the workflows, and only what its Temporal scaler knows', () => {
    // https://keda.sh/docs/2.17/scalers/temporal/; the schema lets any text pass here.
    const OF_THE_SCALER = [
      ...['endpoint', 'endpointFromEnv', 'namespace', 'activationTargetQueueSize', 'targetQueueSize', 'taskQueue'],
      ...['queueTypes', 'buildId', 'selectAllActive', 'selectUnversioned', 'apiKeyFromEnv', 'minConnectTimeout'],
      'unsafeSsl',
    ];
    const { spec } = find('ScaledObject deskbridge-worker');
    const [trigger, ...others] = spec.triggers as { type: string; metadata: Record<string, string> }[];
    expect([trigger?.type, others]).toEqual(['temporal', []]);
    expect(OF_THE_SCALER).toEqual(expect.arrayContaining(Object.keys(trigger?.metadata ?? {})));
    expect(trigger?.metadata).toMatchObject({
      taskQueue: taskQueues(settings.FRESHDESK_DOMAIN ?? '').workflows,
      endpointFromEnv: 'TEMPORAL_ADDRESS',
      namespace: settings.TEMPORAL_NAMESPACE,
    });
  });

  it('find each other by their names and labels', () => {
    for (const part of PARTS) {
      const { selector, template } = specOf(part);
      expect(template.metadata.labels).toMatchObject(selector.matchLabels);
      expect(find(`PodDisruptionBudget deskbridge-${part}`).spec.selector).toEqual(selector);
    }
    expect(find('Service deskbridge-web').spec).toMatchObject({
      selector: specOf('web').selector.matchLabels,
      ports: [{ targetPort: containerOf('web').ports[0]?.name }],
    });
    expect(find('HorizontalPodAutoscaler deskbridge-web').spec.scaleTargetRef).toMatchObject({
      name: 'deskbridge-web',
    });
    expect(find('ScaledObject deskbridge-worker').spec.scaleTargetRef).toEqual({ name: 'deskbridge-worker' });
  });

  it('let the web server reach nothing but Temporal, and strangers nothing but its port for them', () => {
    interface Rule {
      ports: { port: number }[];
      from?: { namespaceSelector: { matchLabels: Labels } }[];
      to?: object[];
    }
    interface Policy {
      podSelector: object;
      policyTypes: string[];
      ingress: Rule[];
      egress: Rule[];
    }
    const policyOf = (part: string) => find(`NetworkPolicy deskbridge-${part}`).spec as unknown as Policy;
    for (const part of PARTS) {
      expect(policyOf(part)).toMatchObject({
        podSelector: specOf(part).selector,
        policyTypes: ['Ingress', 'Egress'],
      });
    }
    const portsOf = (rules: Rule[]) => rules.flatMap(({ ports }) => ports.map(({ port }) => port));
    const opened = [...portsOf(policyOf('web').ingress), ...portsOf(policyOf('worker').ingress)];
    expect(new Set(PARTS.flatMap((part) => containerOf(part).ports.map((port) => port.containerPort)))).toEqual(
      new Set(opened),
    );
    const temporal = Number(settings.TEMPORAL_ADDRESS?.split(':')[1]);
    expect(portsOf(policyOf('web').egress)).toEqual(expect.arrayContaining([53, temporal]));
    expect(portsOf(policyOf('web').egress)).not.toContain(443);
    // The address where clouds hand out credentials is none that a worker needs.
    expect(JSON.stringify(policyOf('worker').egress)).toContain('169.254.0.0/16');
  });

  it.each(PARTS)('let %s run as another user than root, on a file system that it cannot write to', (part) => {
    expect(specOf(part).template.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    expect(containerOf(part).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(containerOf(part).resources).toMatchObject({
      requests: { cpu: expect.any(String), memory: expect.any(String) },
      limits: { memory: expect.any(String) },
    });
  });

  it.each(PARTS)('give %s the time to end what it has begun', (part) => {
    const wait = Number(containerOf(part).lifecycle?.preStop.exec.command[1] ?? 0);
    // docs/security.md, At a stop.
    expect(specOf(part).template.spec.terminationGracePeriodSeconds - wait).toBeGreaterThan(25);
  });

  it.each(PARTS)('ask %s for its health where it answers', (part) => {
    const { startupProbe, livenessProbe, readinessProbe, ports } = containerOf(part);
    expect([startupProbe, livenessProbe, readinessProbe].map((probe) => probe?.httpGet.path)).toEqual([
      '/healthz',
      '/healthz',
      '/readyz',
    ]);
    const asked = readinessProbe?.httpGet.port;
    const { web, metricsAddress } = settingsOf(part);
    expect(ports.find(({ name }) => name === asked)?.containerPort).toBe(
      part === 'web' ? web.port : metricsAddress?.port,
    );
    expect(part === 'web' ? web.host : metricsAddress?.host).toBe('0.0.0.0');
  });
});

describe('the settings for Kubernetes', () => {
  it.each(PARTS)('are what a %s process takes, with a Temporal server that is not its own', (part) => {
    const read = settingsOf(part);
    expect([read.embeddedTemporal, read.freshdesk?.domain, read.fieldNation?.baseUrl]).toEqual([
      false,
      'acme',
      'https://api-sandbox.fndev.net',
    ]);
    expect(containerOf(part).args).toEqual(['start', `--${part}`]);
  });

  it.each(PARTS)('name files of a %s pod that it has, and folders that it may write to', (part) => {
    const { configFile, dataDir } = settingsOf(part);
    const { volumeMounts } = containerOf(part);
    const { volumes } = specOf(part).template.spec;
    const mounted = (path: string) => {
      const mount = volumeMounts.find(({ mountPath }) => path.startsWith(mountPath));
      return volumes.find(({ name }) => name === mount?.name);
    };
    expect(mounted(configFile)).toMatchObject({ configMap: { name: 'deskbridge-config' } });
    expect(configFile).toBe('/etc/deskbridge/deskbridge.yaml');
    expect(mounted(dataDir)).toMatchObject({ emptyDir: {} });
  });

  it('have documented names only', () => {
    const commented = EXAMPLES.flatMap((file) => [...text(file).matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name));
    const ofContainers = PARTS.flatMap((part) => containerOf(part).env.map(({ name }) => name));
    const fromScaler = [...text('worker-autoscaling.yaml').matchAll(/FromEnv: (\w+)/g)].map(([, name]) => name);
    const all = [...Object.keys(settings), ...Object.keys(secrets), ...commented, ...ofContainers, ...fromScaler];
    expect(known).toEqual(expect.arrayContaining(all));
    expect(all.length).toBeGreaterThan(20);
  });

  it('hold no secret', () => {
    expect(Object.keys(settings).filter((name) => SECRETS.test(name))).toEqual([]);
    expect(Object.values(secrets).filter((value) => value !== '')).toEqual([]);
    for (const part of PARTS) expect(containerOf(part).env.filter(({ name }) => SECRETS.test(name))).toEqual([]);
    for (const file of EXAMPLES) expect(text('.gitignore').split('\n')).toContain(file.replace('.example', ''));
    expect(Object.keys(secretsOf('web')).filter((name) => /^FRESHDESK_API|^FIELD_NATION_[CUP]/.test(name))).toEqual([]);
    expect(Object.keys(secretsOf('worker')).filter((name) => /WEBHOOK|ADMIN|WRITE/.test(name))).toEqual([]);
  });

  it('come from where kustomization.yaml makes them', () => {
    const [{ resources, configMapGenerator, secretGenerator, images, ...rest }] = documentsOf('kustomization.yaml') as [
      Record<string, never[]>,
    ];
    expect(rest).toEqual({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' });
    expect(resources).toEqual(['web.yaml', 'worker.yaml', 'network-policy.yaml']);
    expect(configMapGenerator).toEqual([
      { name: 'deskbridge-settings', envs: ['settings.env'] },
      { name: 'deskbridge-config', files: ['deskbridge.yaml'] },
    ]);
    expect(secretGenerator).toEqual([
      { name: 'deskbridge-secrets', envs: ['secrets.env'] },
      ...PARTS.map((part) => ({ name: `deskbridge-${part}-secrets`, envs: [`${part}-secrets.env`] })),
    ]);
    expect(images).toEqual([expect.objectContaining({ name: 'deskbridge' })]);
    for (const part of PARTS) {
      expect(containerOf(part).envFrom).toEqual([
        { configMapRef: { name: 'deskbridge-settings' } },
        { secretRef: { name: 'deskbridge-secrets' } },
        { secretRef: { name: `deskbridge-${part}-secrets` } },
      ]);
    }
    expect(existsSync(resolve(ROOT, 'config/deskbridge.yaml'))).toBe(true);
  });
});

/** As a process in the pod reads them, once the secrets are filled in. */
function settingsOf(part: string) {
  const key = `k1:${Buffer.alloc(32).toString('base64')}`;
  const filled = Object.keys(secretsOf(part)).map((name) => [
    name,
    name.endsWith('KEYS') ? key : 'filled-in-by-a-person',
  ]);
  const own = containerOf(part).env.map(({ name, value }) => [name, value]);
  const needs = needsOf({ web: part === 'web', worker: part === 'worker', sandbox: false });
  return parseSettings({ ...settings, ...Object.fromEntries(filled), ...Object.fromEntries(own) }, needs);
}

/** A copy with another spec. */
function withSpec(manifest: Manifest, change: (spec: Record<string, unknown>) => Record<string, unknown>): Manifest {
  return { ...manifest, spec: change(structuredClone(manifest.spec)) };
}

function put(spec: Record<string, unknown>, [name = '', ...rest]: string[], value: unknown): Record<string, unknown> {
  spec[name] = rest.length === 0 ? value : put(spec[name] as Record<string, unknown>, rest, value);
  return spec;
}
