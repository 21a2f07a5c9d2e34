/** `mapping preview` as an operator runs it, against running processes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce, openDesk, type Desk } from '../helpers/process';

let desk: Desk;
beforeAll(buildOnce);
beforeEach(async () => (desk = await openDesk()));
afterEach(() => desk.cleanUp());

interface Shown {
  problems: { target: string; value: string | null; remedy: string }[];
  workOrder: { title: string };
}

it('shows what would be created and names three faults with field, value and remedy', async () => {
  await desk.start();
  const custom_fields = {
    cf_site_city: null,
    cf_visit_date: '2030-03-02',
    cf_visit_time: 'noonish',
    cf_pay_amount: -5,
  };
  const ticket = await desk.sandbox<{ id: number }>('POST', '/tickets', { subject: 'Till 3 is dead', custom_fields });

  const words = desk.deskbridge(['mapping', 'preview', String(ticket.id)]);
  expect([await words.ended, words.err()]).toEqual([1, expect.stringContaining('Problems: 3')]);
  const told = words.out();
  for (const word of ['Till 3 is dead', 'ticket.subject', 'Nothing was sent']) expect(told).toContain(word);
  for (const [target, value, remedy] of [
    ['schedule.service_window.start.utc', '2030-03-02 noonish', /write it as/],
    ['location.city', '– (none)', /Fill in "Site city" in the ticket/],
    ['pay.base.amount', '-5', /correct the field/],
  ] as const) {
    const [, part = ''] = told.split(`\n  ${target}  `);
    expect(part.split('\n').slice(0, 4)).toEqual([
      ...[expect.any(String), expect.stringContaining('From    ticket.custom_fields.')],
      ...[`    Value   ${value}`, expect.stringMatching(remedy)],
    ]);
  }

  const json = desk.deskbridge(['mapping', 'preview', String(ticket.id), '--json']);
  await json.ended;
  expect((JSON.parse(json.out()) as Shown).problems).toHaveLength(3);

  const file = join(desk.dataDir, 'ticket.json');
  const mended = { ...ticket, custom_fields: { ...custom_fields, cf_site_city: 'Dayton', cf_visit_time: '9:30' } };
  writeFileSync(file, JSON.stringify(mended));
  const fromFile = desk.deskbridge(['mapping', 'preview', '--file', file, '--json']);
  expect(await fromFile.ended).toBe(1);
  const shown = JSON.parse(fromFile.out()) as Shown;
  expect(shown.workOrder.title).toBe('Till 3 is dead');
  expect(shown.problems.map(({ target }) => target)).not.toContain('schedule.service_window.start.utc');
  expect(await desk.sandbox<unknown[]>('GET', '/work-orders')).toEqual([]);
});

it.each([
  [['mapping', 'preview'], 'Give either'],
  [['mapping', 'preview', '--file', '/nowhere.json'], 'there is no such file'],
])('ends %j with 2', async (args, words) => {
  const run = desk.deskbridge(args);
  expect([await run.ended, run.err()]).toEqual([2, expect.stringContaining(words)]);
});
