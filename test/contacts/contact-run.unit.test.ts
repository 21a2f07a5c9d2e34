/** Which step comes next, and what each answer to it means: the whole table, without a wire. */
import type { ContactEvent, ContactOutcome } from '../../src/contract/contact';
import { DEFAULT_CONTACT_POLICY } from '../../src/contract/policy';
import { NOTHING_KNOWN } from '../../src/domain/contacts/carried';
import { ContactRun } from '../../src/domain/contacts/contact-run';
import { resultOf, viewOf } from '../../src/domain/contacts/contact-view';
import { begin, decide, type ContactStep } from '../../src/domain/contacts/decide';
import { evolve, type StepDone } from '../../src/domain/contacts/evolve';
import { receive } from '../../src/domain/contacts/receive';
import type { Ending, Sent } from '../../src/domain/contacts/writing';

const AT = 1_800_000_000_000;
const ATTENTION = { reason: 'unauthorized', detail: 'refused', remedy: 'renew the key' } as const;

const yes = (patch: Partial<ContactEvent> = {}): ContactEvent => ({
  ...{ key: 'yes', receivedAt: AT, at: AT, type: 'identify', name: 'Identified', action: 'upsert', standInName: false },
  contact: { name: 'Ann', email: 'ann@example.com', tags: ['marketing-consent'] },
  ...{ marks: { name: 'ann' }, ids: ['own', 'mail'], notes: [] },
  ...patch,
});
const no = (patch: Partial<ContactEvent> = {}): ContactEvent =>
  yes({ key: 'no', action: 'withdraw', at: AT + 1000, marks: {}, ...patch });

function runWith(...events: ContactEvent[]): ContactRun {
  const policy = { ...DEFAULT_CONTACT_POLICY, mergeWindow: 0, unchangedWindow: 3_600_000 };
  const input = { account: 'acme', policy, memory: NOTHING_KNOWN, links: { contacts: '', workflow: null } };
  const run = new ContactRun(
    input,
    'contact-acme-own',
    () => AT + 5000,
    () => undefined,
  );
  for (const event of events) receive(run, event);
  return run;
}

const ending = (outcome: ContactOutcome, detail: string | null = null): Ending => ({ outcome, detail, notes: [] });
const sentAs = (outcome: ContactOutcome, contactId: number | null): Sent => ({
  ...{ create: ending(outcome), upsert: ending(outcome), contactId },
  marks: contactId === null ? null : { name: 'ann' },
});

type Answer = { sent: Sent } | { withdrawn: Extract<StepDone, { kind: 'withdraw' }>['answer'] } | 'done' | 'failed';

function doneOf(step: ContactStep, answer: Answer): StepDone {
  if (answer === 'failed') return { kind: 'failed', step, attention: ATTENTION };
  if (step.kind === 'send' && typeof answer === 'object' && 'sent' in answer) return { ...step, answer: answer.sent };
  if (step.kind === 'withdraw' && typeof answer === 'object' && 'withdrawn' in answer)
    return { ...step, answer: answer.withdrawn };
  if (step.kind === 'tell' || step.kind === 'skip') return step;
  throw new Error(`${step.kind} has no such answer`);
}

/** Decides, takes in what comes `meanwhile`, and says what came of the step. */
function take(run: ContactRun, answer: Answer, ...meanwhile: ContactEvent[]): ContactStep['kind'] {
  const step = decide(run);
  if (!step) throw new Error('nothing waits');
  begin(run, step);
  for (const event of meanwhile) receive(run, event);
  evolve(run, doneOf(step, answer));
  return step.kind;
}

const endsOf = (run: ContactRun): [string, ContactOutcome][] =>
  viewOf(run).events.map(({ key, outcome }) => [key, outcome]);
const nextOf = (run: ContactRun): string | null => decide(run)?.kind ?? null;

const created: Answer = { sent: sentAs('created', 7) };
const refused: Answer = { sent: sentAs('rejected', null) };
const takenOff: Answer = { withdrawn: { result: 'withdrawn', contactIds: [7], ids: ['mail', 'other'] } };
const noTag: Answer = { withdrawn: { result: 'unchanged', ids: [] } };
const locked: Answer = { withdrawn: { result: 'conflict', detail: 'locked' } };

it.each<[string, ContactEvent[], string | null]>([
  ['nothing, when nothing came', [], null],
  ['a call, for a yes', [yes()], 'send'],
  ['one call, for two of them', [yes(), yes({ key: 'second' })], 'send'],
  ['the withdrawal, for a no', [no()], 'withdraw'],
  ['the withdrawal first, beside a newer yes', [no(), yes({ at: AT + 2000 })], 'withdraw'],
  ['no call for a yes that an older run has ended with a no', [no({ told: true }), yes()], null],
])('decides on %s', (_, events, kind) => {
  const run = runWith(...events);
  expect([nextOf(run), nextOf(run)]).toEqual([kind, kind]);
});

/** Step × what came of it: how the events end, what is known, what comes next. */
it.each<[string, ContactEvent[], ContactStep['kind'], Answer, object, string | null]>([
  ['a call that made a contact', [yes()], 'send', created, { ends: [['yes', 'created']], contactId: 7 }, null],
  ['a call that was refused', [yes()], 'send', refused, { ends: [['yes', 'rejected']], contactId: null }, null],
  ['a call that failed', [yes()], 'send', 'failed', { ends: [], attention: ATTENTION }, 'send'],
  ['a tag that was taken off', [no()], 'withdraw', takenOff, { ends: [['no', 'withdrawn']], contactId: 7 }, 'tell'],
  ['a tag that was not there', [no()], 'withdraw', noTag, { ends: [['no', 'unchanged']] }, 'tell'],
  ['a tag that stays', [no()], 'withdraw', locked, { ends: [['no', 'conflict']] }, null],
  ['a withdrawal that failed', [no()], 'withdraw', 'failed', { ends: [], attention: ATTENTION }, 'withdraw'],
])('%s', (_, events, kind, answer, { ends, ...seen }: { ends?: unknown }, next) => {
  const run = runWith(...events);
  expect(take(run, answer)).toBe(kind);
  expect(endsOf(run)).toEqual(ends);
  expect(viewOf(run)).toMatchObject({ attention: null, ...seen });
  expect(nextOf(run)).toBe(next);
});

it('tells all other runs of the person of a no, and none twice', () => {
  const run = runWith(no());
  take(run, takenOff);
  expect(decide(run)).toMatchObject({ kind: 'tell', contacts: [{ hash: 'mail' }, { hash: 'other' }] });
  take(run, 'done');
  expect(nextOf(run)).toBeNull();
});

it('needs nobody any more once the other runs were told', () => {
  const run = runWith(no(), yes({ at: AT + 2000 }));
  take(run, takenOff);
  take(run, 'failed');
  expect(viewOf(run).attention).toEqual(ATTENTION);
  expect(take(run, 'done')).toBe('tell');
  expect([viewOf(run).attention, nextOf(run)]).toEqual([null, 'send']);
});

it('sends nothing that Freshdesk has, for as long as the window says', () => {
  const run = runWith(yes());
  take(run, created);
  receive(run, yes({ key: 'again' }));
  expect(take(run, 'done')).toBe('skip');
  expect(endsOf(run)).toEqual([
    ['yes', 'created'],
    ['again', 'unchanged'],
  ]);
});

it('keeps what comes during a call for the next one', () => {
  const run = runWith(yes());
  take(run, created, yes({ key: 'late', marks: { name: 'anna' } }));
  expect(endsOf(run)).toEqual([['yes', 'created']]);
  expect(decide(run)).toMatchObject({ kind: 'send', contactId: 7, parcel: { events: [{ key: 'late' }] } });
});

it('puts a failed call in front of what has come since', () => {
  const run = runWith(yes());
  take(run, 'failed', yes({ key: 'late', receivedAt: AT + 1, marks: { name: 'anna' } }));
  expect(decide(run)).toMatchObject({ parcel: { events: [{ key: 'yes' }, { key: 'late' }] } });
});

it('does not send again what a no has ended during the call', () => {
  const run = runWith(yes());
  take(run, 'failed', no());
  expect(endsOf(run)).toEqual([['yes', 'withdrawn']]);
  expect(nextOf(run)).toBe('withdraw');
});

it('looks again for a tag that a call under way may have written, though another run took the no', () => {
  const run = runWith(yes());
  take(run, created, no({ told: true }));
  expect(nextOf(run)).toBe('withdraw');
});

it('goes on as a new run with all that it knows', () => {
  const run = runWith(yes(), no({ at: AT - 1000 }));
  take(run, 'failed');
  const again = new ContactRun(
    JSON.parse(JSON.stringify(run.carry())) as ReturnType<ContactRun['carry']>,
    run.workflowId,
    run.now,
    () => undefined,
  );
  expect([decide(again), resultOf(again)]).toEqual([decide(run), resultOf(run)]);
});

it('lets a person wait a while longer after each failure, up to a bound', () => {
  const run = runWith(yes());
  const { first, most } = run.input.policy.slowRetry;
  const waits = Array.from({ length: 40 }, () => (take(run, 'failed'), run.slowWait()));
  expect(waits.slice(0, 2)).toEqual([first, 2 * first]);
  expect(waits.at(-1)).toBe(most);
});
