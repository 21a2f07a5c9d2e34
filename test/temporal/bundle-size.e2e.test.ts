/** A worker reads the bundle at its start and keeps what it makes of it (docs/performance.md). */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';

test('the built bundle of all workflows, with its source map, stays under 1 MB', () => {
  const { size } = statSync(resolve(__dirname, '../../dist/workflow-bundle.js'));
  expect(size).toBeGreaterThan(100_000);
  expect(size).toBeLessThan(1_000_000);
});
