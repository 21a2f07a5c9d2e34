import { UsageError } from '../../../src/command-errors';
import { CONTACTS, FakeEngine, importWith, testFolder } from './helpers';

const { file } = testFolder();

/** The message of the usage error that the import must end with, before anything is sent. */
async function refusal(name: string, content: string | Buffer, contacts = CONTACTS): Promise<string> {
  const engine = new FakeEngine();
  const error: unknown = await importWith(engine, file(name, content), { contacts }).catch((thrown: unknown) => thrown);
  expect([error, engine.stored.size]).toEqual([expect.any(UsageError), 0]);
  return (error as UsageError).message;
}

it.each([
  ['an empty file', '', /is empty/],
  ['a file of blanks', '\uFEFF \n\n', /is empty/],
  ['no identifier', 'name,marketing_consent\nx,true\n', /identifies the contact; one of email, phone, user_id/],
  ['a misspelt identifier', 'E-Mail,marketing_consent\nx,true\n', /is that "E-Mail"\? Names must be exact/],
  ['no consent', 'email,name\na@b.c,x\n', /who agreed to marketing.*every row would be dropped; add the column/],
  ['a misspelt consent', 'email,Marketing Consent\na@b.c,true\n', /is that "Marketing Consent"\?/],
  ['a column twice', 'email,name,marketing_consent,name\n', /"name" is there more than once/],
  ['several faults at once', 'name,name\n', /more than once[^]*identifies the contact[^]*who agreed/],
  ['a header that cannot be read', 'email,"marketing_consent\nx,y\n', /header in line 1 cannot be read/],
  [
    'text in another encoding',
    Buffer.from('email,marketing_consent\na@b.c,true\nM\xfcller', 'latin1'),
    /line 3 is not UTF-8/,
  ],
  ['UTF-16', Buffer.from('\uFEFFemail,marketing_consent\n', 'utf16le'), /line 1 is not UTF-8/],
])('refuses %s', async (_, content, words) => {
  expect(await refusal('contacts.csv', content)).toMatch(words);
});

it.each([
  ['a broken first line', '{"type":\n{"type":"identify"}', /must be a JSON object.*not valid JSON/],
  ['a JSON list', '[{"type":"identify"}]', /not a JSON object.*jq/],
])('refuses JSON lines with %s', async (_, content, words) => {
  expect(await refusal('items.jsonl', content)).toMatch(words);
});

it('refuses a file that is not there, and a folder', async () => {
  const missing = `${file('x', 'x')}-not`;
  await expect(importWith(new FakeEngine(), missing)).rejects.toThrow(/no such file/);
  await expect(importWith(new FakeEngine(), __dirname)).rejects.toThrow(/not an ordinary file|cannot be read/);
});

it('refuses a file beside which no report can be written, before anything is sent', async () => {
  const path = file('contacts.csv', 'email,marketing_consent\na@b.c,true\n');
  const engine = new FakeEngine();
  const { mkdirSync } = await import('node:fs');
  mkdirSync(`${path}.report.csv.part`);
  await expect(importWith(engine, path)).rejects.toThrow(/report cannot be written/);
  expect(engine.stored.size).toBe(0);
});

it('says which columns it ignores, and what they may have meant', async () => {
  const path = file('contacts.csv', 'email,marketing_consent,fristName,shoe_size,\na@b.c,true,Ann,38,\n');
  const engine = new FakeEngine();
  const { said } = await importWith(engine, path);
  expect(said.slice(0, 2)).toEqual([
    'The column "fristName" is not known and is ignored. Did you mean firstName?',
    'The column "shoe_size" is not known and is ignored.',
  ]);
  expect(engine.items[0]?.traits).toEqual({ email: 'a@b.c', marketing_consent: true });
});

it('warns when only a phone number could tell who a contact is', async () => {
  const { said } = await importWith(new FakeEngine(), file('a.csv', 'phone,marketing_consent\n+4420,true\n'));
  expect(said[0]).toMatch(/dropped as anonymous/);
});

describe('columns that the config names', () => {
  const contacts = {
    consent: ['consent.marketing', 'traits.newsletter'],
    customFields: { plan: 'traits.plan', seats: 'properties.plan', city: 'traits.address.city' },
  };

  it('go where its paths read them', async () => {
    const header = 'email;newsletter;plan;address.city;method';
    const engine = new FakeEngine();
    await importWith(engine, file('a.csv', `${header}\na@b.c;TRUE;pro;Bath;web\n`), { contacts });
    // The judge of these tests knows marketing_consent alone.
    expect(engine.stored.size).toBe(0);
    const named = { ...contacts, consent: ['traits.marketing_consent'] };
    await importWith(engine, file('b.csv', `${header};marketing_consent\na@b.c;TRUE;pro;Bath;web;TRUE\n`), {
      contacts: { ...named, consent: ['traits.marketing_consent', 'traits.newsletter'] },
    });
    expect(engine.items[0]).toEqual({
      type: 'identify',
      traits: { email: 'a@b.c', newsletter: true, plan: 'pro', address: { city: 'Bath' }, marketing_consent: true },
      properties: { plan: 'pro', method: 'web' },
    });
  });

  it('are the only ones that count as consent', async () => {
    const message = await refusal('a.csv', 'email,marketing_consent\na@b.c,true\n', contacts);
    expect(message).toMatch(/config does not read consent from marketing_consent.*add traits.marketing_consent/);
  });
});
