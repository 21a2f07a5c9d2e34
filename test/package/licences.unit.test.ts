import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

interface LicencesModule {
  isPermissive: (expression: string) => boolean;
  offenders: (root: string) => string[];
}
const { isPermissive, offenders } = jest.requireActual<LicencesModule>('../../scripts/licences.js');

it.each(['MIT', 'Apache-2.0 AND MIT', '(MIT OR GPL-3.0-only)', '(BSD-2-Clause OR MIT OR Apache-2.0)'])(
  'takes %s for permissive',
  (licence) => expect(isPermissive(licence)).toBe(true),
);

it.each(['GPL-3.0-only', 'AGPL-3.0-or-later', 'MIT AND LGPL-3.0', 'UNLICENSED', 'SEE LICENSE IN x', ''])(
  'takes %s for none',
  (licence) => expect(isPermissive(licence)).toBe(false),
);

it('finds nothing to complain about in what Deskbridge runs on', () => {
  expect(offenders(resolve(__dirname, '../..'))).toEqual([]);
});

it('names what is not permissive or says nothing, and leaves the tools of developers alone', () => {
  const root = mkdtempSync(join(tmpdir(), 'deskbridge-licences-'));
  const packages = {
    '': { name: 'x' },
    'node_modules/a': { version: '1.0.0', license: 'MIT', optionalDependencies: { 'a-win32': '1' } },
    'node_modules/a-win32': { version: '1.0.0', optional: true },
    'node_modules/a/node_modules/b': { version: '2.0.0', license: 'GPL-2.0' },
    'node_modules/c': { version: '3.0.0' },
    'node_modules/d': { version: '4.0.0', license: 'MPL-2.0', dev: true },
  };
  try {
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
    expect(offenders(root)).toEqual(['b 2.0.0: GPL-2.0', 'c 3.0.0: none stated']);
  } finally {
    rmSync(root, { recursive: true });
  }
});
