/** A worker reads the bundle at its start and gives each cached run a copy of what it makes of it (docs/performance.md). */
import { readFileSync } from 'node:fs';

test('the code of all workflows together stays under 1 MB', () => {
  const bundle = readFileSync(process.env.TEST_WORKFLOW_BUNDLE ?? '', 'utf8');
  const mapAt = bundle.lastIndexOf('//# sourceMappingURL=');
  expect(mapAt).toBeGreaterThan(0);
  expect(Buffer.byteLength(bundle.slice(0, mapAt))).toBeLessThan(1_000_000);
});
