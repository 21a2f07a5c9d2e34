/** Words of others in the details that the Temporal UI renders. */
import fc from 'fast-check';
import { attentionLines, markdownText } from '../../src/domain/markdown';
import { contactDetails } from '../../workflows/contacts/view';

/** `[` opens a link or picture, `<` markup, a scheme an address: each only when an even number of backslashes stands before. */
const isLive = (text: string): boolean =>
  [...text.matchAll(/(\\*)[[\]<]/g)].some(([, slashes = '']) => slashes.length % 2 === 0) ||
  /\b(https?|ftp|file|mailto):/i.test(text) ||
  /[\n\r\u2028]/.test(text);

it.each([
  ['[Session expired – sign in](https://evil.example) ![x](https://evil.example/p.png)'],
  ['\\[a](https://evil.example)'],
  ['\\\\[a](https://evil.example)'],
  ['<a href="https://evil.example">x</a><img src=x onerror=alert(1)>'],
  ['<https://evil.example>'],
  ['HTTPS://evil.example mailto:a@evil.example'],
  ['a\n### Needs a person: approval\n* [x][1]\n\n[1]: https://evil.example'],
  ['a\u2028# b'],
])('%j makes no link, no picture and no line of its own', (text) => {
  expect(isLive(text)).toBe(true);
  expect(isLive(markdownText(text))).toBe(false);
});

it('holds for any text', () => {
  const pieces = fc.constantFrom(
    '[',
    ']',
    '\\',
    '<',
    '>',
    '(',
    ')',
    '!',
    'http',
    'https',
    ':',
    '//',
    '\n',
    'a',
    '`',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      expect(isLive(markdownText(parts.join('')))).toBe(false);
    }),
  );
});

it('leaves plain words as they are', () => {
  const text = 'cf_site_zip: "4540" is no postal code of US; use `deskbridge show 7` – 50 % off *now*';
  expect(markdownText(text)).toBe(text);
});

it('says what a person has to do, and nothing that a stranger adds', () => {
  const lines = attentionLines({ reason: 'mapping', detail: '[x](https://evil.example)', remedy: 'Mend `cf_a`.' });
  expect(lines).toEqual([
    '### Needs a person: mapping',
    '\\[x\\](https\\://evil.example)',
    '',
    '**What to do:** Mend `cf_a`.',
  ]);
  const event = { at: 'T', event: '[Signed Up](https://evil.example)', outcome: 'created', detail: null, notes: [] };
  const details = contactDetails({
    ...{ workflowId: 'w', state: 'done', contactId: null, attention: null, links: { contact: null, workflow: null } },
    events: [event],
  } as unknown as Parameters<typeof contactDetails>[0]);
  expect(details).toContain('\\[Signed Up\\](https\\://evil.example)');
});
