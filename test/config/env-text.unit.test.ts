/** Settings changed in the text of a `.env` file, as a person would change them. */
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { editEnvText, EnvTextError, readEnvText } from '../../src/config/env-text';

const FILE = `# --- Freshdesk
# The subdomain alone
FRESHDESK_DOMAIN=acme # ours
#FRESHDESK_API_KEY=

PORT='3000'
`;

it('changes the value where it stands, and leaves comments, blank lines and other settings as they are', () => {
  expect(editEnvText(FILE, { PORT: '4000' })).toBe(FILE.replace("PORT='3000'", 'PORT=4000'));
  expect(editEnvText(FILE, { FRESHDESK_DOMAIN: 'other' })).toBe(
    FILE.replace('FRESHDESK_DOMAIN=acme # ours', 'FRESHDESK_DOMAIN=other'),
  );
});

it('puts a new setting below its commented example, or at the end', () => {
  expect(editEnvText(FILE, { FRESHDESK_API_KEY: 'k' })).toBe(
    FILE.replace('#FRESHDESK_API_KEY=\n', '#FRESHDESK_API_KEY=\nFRESHDESK_API_KEY=k\n'),
  );
  expect(editEnvText(FILE, { HOST: '::1' })).toBe(`${FILE}HOST=::1\n`);
  expect(editEnvText('', { HOST: 'x' })).toBe('HOST=x\n');
  expect(editEnvText('A=1', { B: '2' })).toBe('A=1\nB=2\n');
});

it('takes a setting away wherever it stands, and keeps one of several', () => {
  expect(editEnvText('A=1\nB=2\nA=3\n', { A: null })).toBe('B=2\n');
  expect(editEnvText('A=1\nB=2\nexport A=3\n', { A: '4' })).toBe('B=2\nA=4\n');
  expect(editEnvText(FILE, { UNSET: null })).toBe(FILE);
});

it('leaves values over several lines whole, and the line ends of Windows', () => {
  const text = 'KEY="first\nPORT=no setting\nlast"\nPORT=1\n';
  expect(editEnvText(text, { PORT: '2' })).toBe('KEY="first\nPORT=no setting\nlast"\nPORT=2\n');
  expect(editEnvText(text, { KEY: 'x' })).toBe('KEY=x\nPORT=1\n');
  expect(editEnvText('A=1\r\nB=2\r\n', { A: '3' })).toBe('A=3\r\nB=2\r\n');
});

it('writes every value so that Node reads it back, or says that it cannot', () => {
  const value = fc.string({ maxLength: 30 }).map((text) => text.trim());
  fc.assert(
    fc.property(value, value, (one, other) => {
      try {
        const text = editEnvText(FILE, { FRESHDESK_API_KEY: one, NEW: other });
        expect({ ...parseEnv(text) }).toEqual({
          ...readEnvText(FILE),
          ...{ FRESHDESK_API_KEY: one, NEW: other },
        });
      } catch (error) {
        expect(error).toBeInstanceOf(EnvTextError);
        expect((error as Error).message).toMatch(/^(FRESHDESK_API_KEY|NEW): /);
      }
    }),
  );
  expect(readEnvText(editEnvText('', { A: `a'b"c # d` }))).toEqual({ A: `a'b"c # d` });
});

it('refuses what would become two settings, without repeating it', () => {
  expect(() => editEnvText('', { KEY: 'secret\nPORT=1' })).toThrow(/^KEY: holds a line break or control character/);
  expect(() => editEnvText('', { KEY: `'"\`` })).toThrow(/KEY_FILE/);
});
