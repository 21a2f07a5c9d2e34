/** Sending again what Freshdesk did not take: ten thousand contacts, with repeats, later events and withdrawals. */
import type { ContactEvent } from '../../src/contract/contact';
import { replayOf } from '../../src/domain/contacts/replay';
import { DEFAULT_CONTACT_POLICY } from '../../src/contract/policy';
import { NOTHING_KNOWN } from '../../src/domain/contacts/carried';
import { ContactRun } from '../../src/domain/contacts/contact-run';
import { begin, decide } from '../../src/domain/contacts/decide';
import { evolve } from '../../src/domain/contacts/evolve';
import { receive } from '../../src/domain/contacts/receive';
import type { Ending } from '../../src/domain/contacts/writing';
import { RULES } from './rules';

const AT = 1_800_000_000_000;
const eventOf = (n: number, more: Partial<ContactEvent> = {}): ContactEvent => ({
  ...{ key: `m${n}`, receivedAt: AT + n, at: AT + n, type: 'identify', name: 'Identified', action: 'upsert' },
  contact: {
    name: `P${n}`,
    email: `p${n}@example.com`,
    tags: ['marketing-consent'],
    custom_fields: { plan: 'pro', signup_method: 'sso' },
  },
  ...{ standInName: false, marks: { name: 'a', 'custom_fields.plan': 'b' }, ids: [`e${n}`], notes: [] },
  ...more,
});

const runOf = (n: number): ContactRun => {
  const policy = { ...DEFAULT_CONTACT_POLICY, mergeWindow: 0, unchangedWindow: 0 };
  const input = { account: 'acme', policy, memory: NOTHING_KNOWN, links: { contacts: '', workflow: null } };
  return new ContactRun(
    input,
    `contact-acme-e${n}`,
    () => AT,
    () => undefined,
  );
};
const created: Ending = { outcome: 'created', detail: null, notes: [] };
const answerOf = (contactId: number) => ({ create: created, upsert: created, contactId, marks: {} });

it('sends 10,000 events again and doubles none, however often it is asked for', () => {
  const count = 10_000;
  const runs = Array.from({ length: count }, (_, n) => runOf(n));
  let written = 0;
  const replay = (): number => {
    let sent = 0;
    for (const [n, run] of runs.entries()) {
      const { events } = replayOf([eventOf(n)], run.memory, RULES);
      sent += events.length;
      // A replay that was stopped half-way and begun anew hands some of them over twice.
      for (const event of n % 3 === 0 ? [...events, ...events] : events) receive(run, event);
      for (let step = decide(run); step?.kind === 'send'; step = decide(run)) {
        begin(run, step);
        written++;
        evolve(run, { ...step, answer: answerOf(n) });
      }
    }
    return sent;
  };
  expect(replay()).toBe(count);
  expect(replay()).toBe(0);
  expect(written).toBe(count);
});

it('sends no older event that comes again while a newer one is on its way', () => {
  const run = runOf(0);
  const [older, newer] = [1, 2].map((n) => eventOf(n, { ids: ['e0'], replay: true })) as [ContactEvent, ContactEvent];
  receive(run, newer);
  const step = decide(run);
  if (step?.kind !== 'send') throw new Error(`It does ${step?.kind} instead.`);
  begin(run, step);
  receive(run, older);
  evolve(run, { ...step, answer: answerOf(7) });
  expect(decide(run)).toBeNull();
  expect(run.known.outcomes.map(({ key, outcome }) => [key, outcome])).toEqual([
    ['m1', 'unchanged'],
    ['m2', 'created'],
  ]);
});

it('holds two that are sent again together against what is newer in Freshdesk, too', () => {
  const run = runOf(0);
  for (const n of [1, 2]) receive(run, eventOf(n, { ids: ['e0'], replay: true }));
  expect(run.known.waiting?.content.guard).toEqual({ ids: ['e0'], at: AT + 2, replay: true });
  receive(run, eventOf(3, { ids: ['e0'] }));
  expect(run.known.waiting?.content.guard.replay).toBeUndefined();
});

it.each<[string, Partial<ContactEvent>, object, string]>([
  ['a newer event was sent', {}, { newestAt: AT + 5 }, 'newer'],
  ['consent was withdrawn since', {}, { withdrawn: [{ at: AT + 5, user: null }] }, 'withdrawn'],
  ['it was sent again before', {}, { seen: ['m1~1'] }, 'again'],
  ['the config has no rule for it any more', { name: 'Gone' }, {}, 'unmapped'],
])('leaves an event out when %s', (_, more, memory, reason) => {
  const { events, counts } = replayOf([eventOf(1, more)], { ...NOTHING_KNOWN, ...memory }, RULES);
  expect(events).toEqual([]);
  expect(counts).toMatchObject({ contacts: 0, events: 0, [reason]: 1 });
});

it('sends what is stored, less the fields that the config no longer maps', () => {
  const { events } = replayOf([eventOf(1, { key: 'm1~1' })], NOTHING_KNOWN, {
    ...RULES,
    events: { Identified: { action: 'create' } },
  });
  expect(events).toMatchObject([{ key: 'm1~2', action: 'create', replay: true, marks: { name: 'a' } }]);
  expect(events[0]?.contact.custom_fields).toEqual({ signup_method: 'sso' });
});
