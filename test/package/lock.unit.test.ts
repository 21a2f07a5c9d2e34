/** What `npm ci` verifies: a package of the lock file without a sum would be installed whatever it is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

it('has a sum for every package of the lock file', () => {
  const text = readFileSync(join(__dirname, '../../package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text) as { packages: Record<string, { integrity?: string; link?: boolean }> };
  const bare = Object.entries(packages).filter(([name, { integrity, link }]) => name !== '' && !link && !integrity);
  expect(bare.map(([name]) => name)).toEqual([]);
  for (const { integrity = 'sha512-' } of Object.values(packages)) expect(integrity).toMatch(/^sha512-/);
});
