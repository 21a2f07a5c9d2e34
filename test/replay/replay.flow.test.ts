/** Runs that older versions began must be understood by this one: a change that breaks them fails here. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';
import { createMetrics } from '../../src/metrics';
import { sinksOf } from '../../src/temporal/worker';
import { SCENARIOS } from './scenarios';

const FOLDER = join(__dirname, 'histories');
const bundle = (): string => process.env.TEST_WORKFLOW_BUNDLE ?? '';
const versions = readdirSync(FOLDER);
const files = versions.flatMap((version) => readdirSync(join(FOLDER, version)).map((file) => join(version, file)));

const read = (file: string): unknown => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
const replay = (history: unknown): Promise<void> =>
  Worker.runReplayHistory({ workflowBundle: { codePath: bundle() }, sinks: sinksOf(createMetrics(), null) }, history);

test('a history is kept of every life', () => {
  const kept = new Set(files.map((file) => file.replace(/^.*[\\/]/, '').replace('.json', '')));
  expect(Object.keys(SCENARIOS).filter((name) => !kept.has(name))).toEqual([]);
});

test.each(files)('replays %s', async (file) => {
  await replay(read(file));
});

test('a change of the order of steps is noticed', async () => {
  const changed = readFileSync(join(FOLDER, files.find((file) => file.includes('work-done')) ?? ''), 'utf8').replaceAll(
    '"createWorkOrder"',
    '"createSomethingElse"',
  );
  await expect(replay(JSON.parse(changed))).rejects.toThrow(DeterminismViolationError);
});

test('no history holds a secret or the name of a machine', () => {
  for (const file of files) {
    const text = readFileSync(join(FOLDER, file), 'utf8');
    expect(text).not.toMatch(/freshdesk-key|client-secret|access_token/);
    expect(text).not.toMatch(/"identity":"(?!recorder)/);
  }
});

test('the workflow bundle holds no I/O', () => {
  const code = readFileSync(bundle(), 'utf8').replace(/\n\/\/# sourceMappingURL=.*$/s, '');
  for (const stranger of [
    'node_modules/zod',
    'node_modules/undici',
    'sanitize-html',
    'libphonenumber',
    'sdk-trace-base',
  ]) {
    expect(code).not.toContain(stranger);
  }
});
