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

it('has no package that nothing needs: npm leaves it out, and each start would install again', () => {
  interface Entry {
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
    optionalDependencies?: Record<string, string>;
    peerDependencies?: Record<string, string>;
  }
  const text = readFileSync(join(__dirname, '../../package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text) as { packages: Record<string, Entry> };
  const needed = new Set(
    Object.values(packages).flatMap((entry) =>
      Object.keys({
        ...entry.dependencies,
        ...entry.devDependencies,
        ...entry.optionalDependencies,
        ...entry.peerDependencies,
      }),
    ),
  );
  const names = Object.keys(packages).filter((name) => name !== '');
  expect(names.filter((name) => !needed.has(name.split('node_modules/').pop() ?? ''))).toEqual([]);
});
