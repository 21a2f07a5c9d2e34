/** Which Temporal server, and which release of a worker deployment. */
import { shown, type Env, type Reader } from './settings-reader';

/** True: a server of our own in the data dir; false: the one that the `TEMPORAL_…` variables name. */
export function readEmbedded(reader: Reader, env: Env): boolean {
  if (namesCluster(reader)) return false;
  const stray = Object.keys(env).filter(
    (name) =>
      /^TEMPORAL_(NAMESPACE|API_KEY|TLS|DEPLOYMENT_NAME|WORKER_BUILD_ID)/.test(name) &&
      env[name]?.trim() &&
      name !== 'TEMPORAL_TLS_DISABLED',
  );
  for (const name of stray) {
    reader.fault(
      name,
      'is set, but no TEMPORAL_ADDRESS',
      'Set TEMPORAL_ADDRESS as well, or unset it to use the embedded server.',
    );
  }
  return true;
}

const namesCluster = (reader: Reader): boolean =>
  ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'].some((name) => reader.text(name));

/** What Temporal takes: it joins the two by a dot or a colon, and keeps names that begin with two underscores for itself. */
const DEPLOYMENT_NAME = /^(?!__)[\w@/+-]{1,120}$/;
const BUILD_ID = /^(?!__)[\w@/+:.-]{1,120}$/;

export function readDeployment(reader: Reader): { name: string; buildId: string } | null {
  const name = reader.text('TEMPORAL_DEPLOYMENT_NAME');
  const buildId = reader.text('TEMPORAL_WORKER_BUILD_ID');
  if (name === null && buildId === null) return null;
  const both = 'Set both for a rolling change of releases, or none: see docs/operations.md, Upgrade.';
  if (name === null)
    reader.missing('TEMPORAL_DEPLOYMENT_NAME', 'is missing while TEMPORAL_WORKER_BUILD_ID is set', both);
  if (buildId === null)
    reader.missing('TEMPORAL_WORKER_BUILD_ID', 'is missing while TEMPORAL_DEPLOYMENT_NAME is set', both);
  const form = 'at most 120 of letters, digits, _ @ / + -';
  if (name !== null && !DEPLOYMENT_NAME.test(name))
    reader.fault(
      'TEMPORAL_DEPLOYMENT_NAME',
      `${shown(name)} is not a name that Temporal takes`,
      `Use ${form}: deskbridge.`,
    );
  if (buildId !== null && !BUILD_ID.test(buildId))
    reader.fault(
      'TEMPORAL_WORKER_BUILD_ID',
      `${shown(buildId)} is not an id that Temporal takes`,
      `Use ${form} . : – such as 1.4.0.`,
    );
  return name !== null && buildId !== null ? { name, buildId } : null;
}
