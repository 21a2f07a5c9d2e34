/**
 * What a Kubernetes cluster would say of a manifest, offline: the schemas of `kubernetes-models` and
 * `@kubernetes-models/keda` judge the values, and their types – the compiler's check of object literals – what a schema
 * of Kubernetes lets pass and `kubectl apply` refuses: fields that nobody knows.
 */
import { join, resolve } from 'node:path';
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Service } from 'kubernetes-models/v1/Service';
import * as ts from 'typescript';

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: Record<string, unknown>;
}

type Model = new (manifest: never) => { validate: () => void };

const SCHEMAS: Record<string, [model: Model, from: string]> = {
  'apps/v1 Deployment': [Deployment, 'kubernetes-models/apps/v1/Deployment'],
  'v1 Service': [Service, 'kubernetes-models/v1/Service'],
  'networking.k8s.io/v1 NetworkPolicy': [NetworkPolicy, 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'],
  'policy/v1 PodDisruptionBudget': [PodDisruptionBudget, 'kubernetes-models/policy/v1/PodDisruptionBudget'],
  'autoscaling/v2 HorizontalPodAutoscaler': [
    HorizontalPodAutoscaler,
    'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler',
  ],
  'keda.sh/v1alpha1 ScaledObject': [ScaledObject, '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject'],
};

/** Of each manifest what is wrong with it; an empty list: nothing. */
export function problemsOf(manifests: readonly Manifest[]): string[][] {
  const types = typeProblems(manifests);
  return manifests.map((manifest, index) => [...schemaProblems(manifest), ...(types[index] ?? [])]);
}

const schemaOf = ({ apiVersion, kind }: Manifest) => SCHEMAS[`${apiVersion} ${kind}`];

function schemaProblems(manifest: Manifest): string[] {
  const [Model] = schemaOf(manifest) ?? [];
  if (!Model) return [`no schema for ${manifest.apiVersion} ${manifest.kind}`];
  try {
    new Model(manifest as never).validate();
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** One compilation for all: it takes a second or two, mostly for the types of the language itself. */
function typeProblems(manifests: readonly Manifest[]): string[][] {
  const lines = manifests.map((manifest, index) => {
    const [, from] = schemaOf(manifest) ?? [];
    return from ? `export const m${index}: import('${from}').I${manifest.kind} = ${JSON.stringify(manifest)};` : '';
  });
  const file = join(resolve(__dirname), 'manifests-of-this-test.ts');
  const options: ts.CompilerOptions = { strict: true, noEmit: true, skipLibCheck: true, types: [] };
  const host = ts.createCompilerHost(options);
  const disk = { ...host };
  host.fileExists = (name) => name === file || disk.fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file
      ? ts.createSourceFile(name, lines.join('\n'), ts.ScriptTarget.ES2022)
      : disk.getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  const source = program.getSourceFile(file);
  const found = manifests.map((): string[] => []);
  for (const { start = 0, messageText } of [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
  ]) {
    const line = source?.getLineAndCharacterOfPosition(start).line ?? 0;
    found[line]?.push(ts.flattenDiagnosticMessageText(messageText, ' '));
  }
  return found;
}
