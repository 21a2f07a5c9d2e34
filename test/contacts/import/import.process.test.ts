/** `contacts import` and `contacts show` against running processes, stopped and gone on with. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce, openDesk, type Desk } from '../../helpers/process';

let desk: Desk;
beforeAll(buildOnce);
beforeEach(async () => (desk = await openDesk()));
afterEach(() => desk.cleanUp());

const ROWS = 800;

/** Every tenth row lacks consent, one repeats a contact, one is refused by Freshdesk. */
function csv(): string {
  const lines = ['email,user_id,name,phone,marketing_consent,company_id'];
  for (let i = 0; i < ROWS; i++) {
    const person = i === 500 ? 499 : i;
    const company = i === 700 ? '77' : '';
    lines.push(
      `p${person}@example.com,,Person ${i},07700 900${String(person % 1000).padStart(3, '0')},${i % 10 === 3 ? '' : 'true'},${company}`,
    );
  }
  return `${lines.join('\r\n')}\r\n`;
}

interface Result {
  rows: number;
  counts: Record<string, number>;
  report: string | null;
}

const imported = async (): Promise<{ email: string; name: string }[]> =>
  (await desk.sandbox<{ email: string | null; name: string }[]>('GET', '/contacts')).filter(
    (contact): contact is { email: string; name: string } => /^p\d+@example\.com$/.test(contact.email ?? ''),
  );

it('imports a file once, however often it is stopped, and tells what was not done', async () => {
  // So slow that no machine is done before the first line of progress, after 10 s.
  await desk.start({ FRESHDESK_CALLS_PER_MINUTE: '2000' });
  const file = join(desk.dataDir, 'people.csv');
  writeFileSync(file, csv());

  for (const stopAt of [/\b[1-9]\d* of /, /rows/]) {
    const stopped = desk.deskbridge(['contacts', 'import', file]);
    await stopped.says(stopAt);
    stopped.kill('SIGINT');
    expect(await stopped.ended).not.toBeNull();
  }
  const run = desk.deskbridge(['contacts', 'import', file, '--json']);
  expect([await run.ended, run.err()]).toEqual([1, expect.stringContaining('report')]);
  const { rows, counts, report } = JSON.parse(run.out()) as Result;
  expect(rows).toBe(ROWS);
  expect(counts).toMatchObject({ dropped: 80, rejected: 1, invalid: 0, conflict: 0 });

  const contacts = await imported();
  expect(contacts).toHaveLength(ROWS - 80 - 2);
  expect(new Set(contacts.map(({ email }) => email)).size).toBe(contacts.length);
  expect(contacts.find(({ email }) => email === 'p499@example.com')?.name).toBe('Person 500');

  const lines = readFileSync(report ?? '', 'utf8')
    .trim()
    .split(/\r?\n/);
  expect(lines).toHaveLength(1 + 81);
  expect(lines.filter((line) => line.includes('no-consent'))).toHaveLength(80);
  expect(lines.find((line) => line.includes('p700@example.com'))).toMatch(/rejected.*company_id/);
  expect(statSync(report ?? '').mode & 0o777).toBe(0o600);

  const again = desk.deskbridge(['contacts', 'import', file, '--json']);
  await again.ended;
  expect(JSON.parse(again.out())).toMatchObject({ counts });
  expect(await imported()).toHaveLength(contacts.length);

  const show = desk.deskbridge(['contacts', 'show', 'P7@example.com']);
  expect([await show.ended, show.out()]).toEqual([0, expect.stringMatching(/Imports\n.*line 9: created/)]);
  const refused = desk.deskbridge(['contacts', 'show', 'p700@example.com', '--json']);
  expect(await refused.ended).toBe(0);
  expect(JSON.parse(refused.out())).toMatchObject({ imported: [{ line: 702, outcome: 'rejected' }] });
  const nobody = desk.deskbridge(['contacts', 'show', 'nobody@example.com']);
  expect([await nobody.ended, nobody.err()]).toEqual([
    1,
    expect.stringContaining('Nothing is known of this user id or e-mail'),
  ]);
});
