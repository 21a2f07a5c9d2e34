/** Files that people edit too: replaced as a whole, with the one before beside it. */
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshdeskDomainOf } from '../../src/config/freshdesk-domain';
import { FileChangedError, readKept, replaceKept } from '../../src/config/kept-file';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'deskbridge-kept-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
const rights = (name: string): number => statSync(at(name)).mode & 0o777;

it('keeps the file before it, and takes the rights of others away where it holds secrets', async () => {
  writeFileSync(at('.env'), 'A=1\n');
  chmodSync(at('.env'), 0o644);
  await replaceKept(at('.env'), 'A=1\n', 'A=2\n', 0o600);
  expect([await readKept(at('.env')), await readKept(at('.env.before'))]).toEqual(['A=2\n', 'A=1\n']);
  expect([rights('.env'), rights('.env.before')]).toEqual([0o600, 0o600]);
  expect(readdirSync(folder).sort()).toEqual(['.env', '.env.before']);
});

it('keeps the rights of a file without secrets, and a link as a link', async () => {
  writeFileSync(at('real.yaml'), 'a: 1\n');
  chmodSync(at('real.yaml'), 0o664);
  symlinkSync(at('real.yaml'), at('link.yaml'));
  await replaceKept(at('link.yaml'), 'a: 1\n', 'a: 2\n');
  expect([readFileSync(at('real.yaml'), 'utf8'), rights('real.yaml')]).toEqual(['a: 2\n', 0o664]);
  expect(readdirSync(folder).sort()).toEqual(['link.yaml', 'real.yaml', 'real.yaml.before']);
});

it('leaves a file alone that somebody has changed, or made, meanwhile', async () => {
  writeFileSync(at('.env'), 'A=1\n');
  await expect(replaceKept(at('.env'), null, 'A=2\n', 0o600)).rejects.toThrow(FileChangedError);
  await expect(replaceKept(at('.env'), 'A=0\n', 'A=2\n', 0o600)).rejects.toThrow(FileChangedError);
  expect(readdirSync(folder)).toEqual(['.env']);
});

it.each([
  ['acme', 'acme'],
  [' https://Acme.freshdesk.com/a/tickets/filters/all?x=1#y ', 'acme'],
  ['acme-2.freshdesk.com', 'acme-2'],
  ['http://acme.freshdesk.com:443/', 'acme'],
  ['https://support.acme.com', null],
  ['https://acme.freshdesk.com.evil.example', null],
  ['acme.freshservice.com', null],
  ['', null],
])('the account in %p is %p', (pasted, domain) => expect(freshdeskDomainOf(pasted)).toBe(domain));
