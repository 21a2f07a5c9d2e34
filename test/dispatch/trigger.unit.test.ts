import fc from 'fast-check';
import { hasEdge, type KnownTicket, type TicketSight } from '../../src/domain/trigger';
import { knownAfterLook, knownAfterWrite, type OwnWrite } from '../../src/domain/known-ticket';
import { meaningOf, type Meaning, type VisitPhase } from '../../src/domain/ticket-meaning';

const OPEN = 2;
const PENDING = 3;
const RESOLVED = 4;
const CLOSED = 5;
const FIELD = 8;
interface Rule {
  statuses: number[];
  tags: string[];
  values?: Record<string, string[]>;
  barred?: string;
}
const RULE: Rule = { statuses: [FIELD], tags: ['on-site'] };
const URGENT: Rule = { ...RULE, values: { priority: ['4'], cf_visit: ['yes'] } };

/** A ticket as it stands in Freshdesk. */
interface Ticket {
  status: number;
  tags: string[];
  gone: TicketSight['gone'];
  link: string | null;
  values: Record<string, string>;
}

const ticket = (patch: Partial<Ticket> = {}): Ticket => ({
  status: OPEN,
  tags: [],
  gone: null,
  link: null,
  values: {},
  ...patch,
});

const valuesOf = ({ values }: Ticket, rule: Rule): TicketSight['values'] =>
  Object.entries(rule.values ?? {}).map(([key, wanted]) => {
    const value = values[key] ?? '';
    return { key, value, matches: wanted.includes(value) };
  });

function look(on: Ticket, rule = RULE): TicketSight {
  const { status, tags, gone, link } = on;
  return {
    ...{ status, tags, gone, link },
    values: valuesOf(on, rule),
    barred: rule.barred ?? null,
    closed: status === RESOLVED || status === CLOSED,
    statusMatches: rule.statuses.includes(status),
    matchingTags: tags.filter((tag) => rule.tags.includes(tag)),
  };
}

const knowing = (patch: Partial<Ticket> = {}, rule = RULE): KnownTicket =>
  knownAfterLook(null, look(ticket(patch), rule));

const seen = (before: Partial<Ticket> | null, now: Partial<Ticket>, phase: VisitPhase, rule = RULE): Meaning =>
  meaningOf(before && knowing(before), look(ticket(now), rule), phase);

/** Our own write on a ticket that stands as `on`, told as the activity tells it. */
function written(
  on: Ticket,
  change: { status?: number; add?: string[]; remove?: string[]; values?: Record<string, string> },
  rule = RULE,
): OwnWrite {
  const { status = null, add = [], remove = [], values = {} } = { ...change };
  on.values = { ...on.values, ...values };
  on.tags = [...new Set([...on.tags.filter((tag) => !remove.includes(tag)), ...add])];
  on.status = status ?? on.status;
  return {
    status,
    closed: status === RESOLVED || status === CLOSED,
    statusMatches: status !== null && rule.statuses.includes(status),
    addedTags: add,
    removedTags: remove,
    matchingTags: on.tags.filter((tag) => rule.tags.includes(tag)),
    values: valuesOf(on, rule),
    setKeys: Object.keys(values),
  };
}

const LOST = (how: 'closed' | 'removed') => expect.objectContaining({ kind: 'lost', how });
const NOTHING = { kind: 'nothing' };

describe('the table of section 8', () => {
  describe('without a dispatch yet', () => {
    it.each<[string, Partial<Ticket> | null, Partial<Ticket>, Meaning]>([
      ['asks Field Nation when the status matches', null, { status: FIELD }, { kind: 'undecided' }],
      ['asks Field Nation when a tag matches', null, { tags: ['vip', 'on-site'] }, { kind: 'undecided' }],
      ['asks Field Nation after an edge', { status: OPEN }, { status: FIELD }, { kind: 'undecided' }],
      ['skips what is linked already', null, { status: FIELD, link: '901234' }, { kind: 'skip', why: 'linked' }],
      ['skips what matches no rule', null, {}, { kind: 'skip', why: 'no-match' }],
      ['skips what matches no rule any more', { status: FIELD }, {}, { kind: 'skip', why: 'no-match' }],
      [
        'skips a resolved ticket with the tag',
        null,
        { status: RESOLVED, tags: ['on-site'] },
        { kind: 'skip', why: 'closed' },
      ],
      [
        'skips a closed ticket with the tag',
        null,
        { status: CLOSED, tags: ['on-site'] },
        { kind: 'skip', why: 'closed' },
      ],
      ['skips a deleted ticket', null, { status: FIELD, gone: 'deleted' }, { kind: 'skip', why: 'gone' }],
      ['skips spam', null, { status: FIELD, gone: 'spam' }, { kind: 'skip', why: 'gone' }],
      ['skips a ticket that is not found', null, { gone: 'not-found' }, { kind: 'skip', why: 'gone' }],
    ])('%s', (_, before, now, meaning) => {
      expect(seen(before, now, 'none')).toEqual(meaning);
    });
  });

  describe.each<VisitPhase>(['before-order', 'open'])('with a visit that is %s', (phase) => {
    it.each<[string, Partial<Ticket>, Partial<Ticket>, unknown]>([
      ['takes over changes after an edge', { status: FIELD }, { status: FIELD, tags: ['on-site'] }, NOTHING],
      ['takes over changes without an edge', { status: FIELD }, { status: FIELD, tags: ['vip'] }, NOTHING],
      ['loses the trigger when a person takes the status away', { status: FIELD }, { status: OPEN }, LOST('removed')],
      ['loses the trigger when a person takes the tag off', { tags: ['on-site'] }, {}, LOST('removed')],
      ['keeps it while the tag stays', { status: FIELD, tags: ['on-site'] }, { tags: ['on-site'] }, NOTHING],
      ['loses it when a person resolves the ticket', { status: FIELD }, { status: RESOLVED }, LOST('closed')],
      [
        'loses it when a person closes the ticket',
        { tags: ['on-site'] },
        { status: CLOSED, tags: ['on-site'] },
        LOST('closed'),
      ],
      ['loses it when the ticket is deleted', { status: FIELD }, { status: FIELD, gone: 'deleted' }, LOST('closed')],
      ['loses it when the ticket is spam', { status: FIELD }, { status: FIELD, gone: 'spam' }, LOST('closed')],
      ['loses it when the ticket is not found', { status: FIELD }, { status: 0, gone: 'not-found' }, LOST('closed')],
      ['loses it once', { status: RESOLVED }, { status: RESOLVED }, NOTHING],
      ['does not lose it again from resolved to closed', { status: RESOLVED }, { status: CLOSED }, NOTHING],
      ['comes back when it is reopened', { status: RESOLVED }, { status: FIELD }, { kind: 'back' }],
      ['comes back when it is triggered again', { status: OPEN }, { status: FIELD }, { kind: 'back' }],
      ['does not come back by a reply', { status: RESOLVED }, { status: OPEN }, NOTHING],
      ['comes back when it is restored', { gone: 'deleted' }, {}, { kind: 'back' }],
      [
        'does not come back when it is restored as it was closed',
        { status: CLOSED, gone: 'spam' },
        { status: CLOSED },
        NOTHING,
      ],
    ])('%s', (_, before, now, meaning) => {
      expect(seen(before, now, phase)).toEqual(meaning);
    });
  });

  describe('with a visit that is over', () => {
    it.each<[string, Partial<Ticket>, Partial<Ticket>, Meaning]>([
      ['starts the next visit on a status edge', { status: RESOLVED }, { status: FIELD }, { kind: 'start' }],
      ['starts the next visit on a tag edge', { status: OPEN }, { tags: ['on-site'] }, { kind: 'start' }],
      [
        'starts it although the link field is filled',
        { status: OPEN },
        { status: FIELD, link: '7' },
        { kind: 'start' },
      ],
      ['does nothing while the status stays', { status: FIELD }, { status: FIELD }, { kind: 'nothing' }],
      [
        'does nothing while a tag stays',
        { tags: ['on-site'] },
        { status: PENDING, tags: ['on-site'] },
        { kind: 'nothing' },
      ],
      [
        'does nothing on a reply that reopens',
        { status: RESOLVED, tags: ['on-site'] },
        { tags: ['on-site'] },
        { kind: 'nothing' },
      ],
      ['does nothing when the rule no longer matches', { status: FIELD }, { status: OPEN }, { kind: 'nothing' }],
      ['does nothing when the ticket is closed', { status: FIELD }, { status: CLOSED }, { kind: 'nothing' }],
      ['does nothing with a deleted ticket', { status: OPEN }, { status: FIELD, gone: 'deleted' }, { kind: 'nothing' }],
    ])('%s', (_, before, now, meaning) => {
      expect(seen(before, now, 'over')).toEqual(meaning);
    });

    it.each([
      ['resolved', RESOLVED],
      ['pending', PENDING],
    ])('a reply opens a %s ticket: nothing, but the next trigger status starts', (_, status) => {
      const rule = { statuses: [OPEN, FIELD], tags: [] };
      const reopened = look(ticket({ status: OPEN }), rule);
      const before = knowing({ status }, rule);
      expect(meaningOf(before, reopened, 'over')).toEqual(NOTHING);
      const known = knownAfterLook(knownAfterLook(before, reopened), reopened);
      expect(meaningOf(known, reopened, 'over')).toEqual(NOTHING);
      expect(meaningOf(known, look(ticket({ status: FIELD }), rule), 'over')).toEqual({ kind: 'start' });
    });

    it('does nothing on the first look after a person called the visit off', () => {
      expect(seen(null, { status: FIELD }, 'over')).toEqual(NOTHING);
      const known = knowing({ status: FIELD });
      expect(meaningOf(known, look(ticket({ status: FIELD })), 'over')).toEqual(NOTHING);
    });
  });
});

describe('edges', () => {
  it('a deleted and restored ticket has none', () => {
    for (const gone of ['deleted', 'spam', 'not-found'] as const) {
      const before = knowing({ status: FIELD, tags: ['on-site'] });
      const away = look(
        gone === 'not-found' ? ticket({ status: 0, gone }) : ticket({ status: FIELD, tags: ['on-site'], gone }),
      );
      const known = knownAfterLook(before, away);
      const restored = look(ticket({ status: FIELD, tags: ['on-site'] }));
      expect(hasEdge(known, restored)).toBe(false);
      expect(meaningOf(known, restored, 'over')).toEqual(NOTHING);
      expect(meaningOf(known, restored, 'open')).toEqual({ kind: 'back' });
    }
  });

  it('a config that now names the status or tag that the ticket has makes none', () => {
    const wide = { statuses: [OPEN, FIELD], tags: ['on-site', 'vip'] };
    expect(seen({ tags: ['vip'] }, { tags: ['vip'] }, 'over', wide)).toEqual(NOTHING);
    expect(seen({ tags: ['vip'] }, { tags: ['vip', 'other'] }, 'over', wide)).toEqual(NOTHING);
  });

  it('a config that no longer names the status or tag is no loss, a person who takes it away is one', () => {
    const narrow = { statuses: [], tags: [] };
    expect(seen({ status: FIELD, tags: ['on-site'] }, { status: FIELD, tags: ['on-site'] }, 'open', narrow)).toEqual(
      NOTHING,
    );
    expect(seen({ status: FIELD }, { status: OPEN }, 'open')).toEqual(LOST('removed'));
  });

  it('a tag that a person takes off and puts on again is one', () => {
    const known = knownAfterLook(knowing({ tags: ['on-site'] }), look(ticket()));
    expect(meaningOf(known, look(ticket({ tags: ['on-site'] })), 'over')).toEqual({ kind: 'start' });
  });
});

describe('our own writes', () => {
  it('a status of ours out of the trigger is no loss, and into it no edge', () => {
    const on = ticket({ status: FIELD });
    let known = knownAfterWrite(knowing({ status: FIELD }), written(on, { status: PENDING }));
    expect(meaningOf(known, look(on), 'open')).toEqual(NOTHING);
    known = knownAfterWrite(known, written(on, { status: FIELD }));
    expect(meaningOf(known, look(on), 'over')).toEqual(NOTHING);
  });

  it('a trigger tag of ours is no edge, nor a loss when we take it off', () => {
    const on = ticket();
    let known = knownAfterWrite(knowing(), written(on, { add: ['on-site'] }));
    expect(meaningOf(known, look(on), 'over')).toEqual(NOTHING);
    known = knownAfterWrite(known, written(on, { remove: ['on-site'] }));
    expect(meaningOf(known, look(on), 'open')).toEqual(NOTHING);
  });

  it('a tag that a person puts on between the last look and our write is still an edge', () => {
    const on = ticket({ status: PENDING, tags: ['on-site'] });
    const known = knownAfterWrite(knowing({ status: PENDING }), written(on, { status: RESOLVED }));
    expect(meaningOf(known, look(on), 'over')).toEqual({ kind: 'start' });
  });

  it('a tag that a person takes off between the last look and our write is still a loss', () => {
    const on = ticket({ status: OPEN });
    const known = knownAfterWrite(knowing({ status: OPEN, tags: ['on-site'] }), written(on, { status: PENDING }));
    expect(meaningOf(known, look(on), 'open')).toEqual(LOST('removed'));
  });
});

const statuses = fc.constantFrom(OPEN, PENDING, RESOLVED, CLOSED, FIELD);
const tags = fc.uniqueArray(fc.constantFrom('on-site', 'vip', 'other'));
const gone = fc.constantFrom<TicketSight['gone']>(null, null, null, 'deleted', 'spam');
const rules = fc.record({ statuses: fc.uniqueArray(statuses), tags });
type Move =
  { person: Partial<Ticket> } | { ours: { status?: number; add: string[]; remove: string[] } } | { rule: Rule };
const person: fc.Arbitrary<Move> = fc
  .record({ status: statuses, tags, gone }, { requiredKeys: [] })
  .map((change) => ({ person: change }));
const ours: fc.Arbitrary<Move> = fc
  .record({ status: fc.option(statuses, { nil: undefined }), add: tags, remove: tags })
  .map(({ status, add, remove }) => ({
    ours: { ...(status === undefined ? {} : { status }), add, remove: remove.filter((tag) => !add.includes(tag)) },
  }));
const reload: fc.Arbitrary<Move> = rules.map((rule) => ({ rule }));

/** Plays moves with a look after each, and tells what every look meant. */
function play(
  start: Partial<Ticket>,
  moves: Move[],
  phase: VisitPhase,
): { meaning: Meaning; known: KnownTicket; now: Ticket; move: Move }[] {
  const now = ticket(start);
  let rule = RULE;
  let known = knownAfterLook(null, look(now, rule));
  return moves.map((move) => {
    if ('person' in move) Object.assign(now, move.person);
    else if ('rule' in move) rule = move.rule;
    else if (now.gone === null) known = knownAfterWrite(known, written(now, move.ours, rule));
    const before = known;
    const sight = look(structuredClone(now), rule);
    const meaning = meaningOf(known, sight, phase);
    known = knownAfterLook(known, sight);
    return { meaning, known: before, now: structuredClone(now), move };
  });
}

describe('whatever comes in between', () => {
  const start = fc.record({ status: statuses, tags });
  const phase = fc.constantFrom<VisitPhase>('before-order', 'open', 'over');

  it('our own writes never start, lose or bring back anything', () => {
    fc.assert(
      fc.property(start, fc.array(fc.oneof(person, ours), { maxLength: 12 }), phase, (from, moves, at) => {
        for (const { move, meaning } of play(from, moves, at))
          if ('ours' in move) expect(['start', 'lost']).not.toContain(meaning.kind);
      }),
      { numRuns: 2000 },
    );
  });

  it('a reload of the config never starts or loses anything', () => {
    fc.assert(
      fc.property(start, fc.array(fc.oneof(person, ours, reload), { maxLength: 12 }), phase, (from, moves, at) => {
        for (const { move, meaning } of play(from, moves, at))
          if ('rule' in move) expect(['start', 'lost']).not.toContain(meaning.kind);
      }),
      { numRuns: 2000 },
    );
  });

  it('a visit that is over is followed by another only when the ticket came into the trigger', () => {
    fc.assert(
      fc.property(start, fc.array(fc.oneof(person, ours, reload), { maxLength: 12 }), (from, moves) => {
        for (const { meaning, known, now } of play(from, moves, 'over')) {
          const changed = now.status !== known.status || now.tags.some((tag) => !known.tags.includes(tag));
          if (!changed) expect(meaning).toEqual(NOTHING);
          expect(['start', 'nothing']).toContain(meaning.kind);
        }
      }),
    );
  });

  it('a look that follows a look of the same ticket means nothing', () => {
    fc.assert(
      fc.property(start, gone, phase, (from, away, at) => {
        const sight = look(ticket({ ...from, gone: away }));
        expect(meaningOf(knownAfterLook(null, sight), sight, at)).toEqual(NOTHING);
      }),
    );
  });
});

describe('a value that comes to match', () => {
  const urgent = { values: { priority: '4' } };
  const low = { values: { priority: '1' } };

  it.each<[string, Partial<Ticket>, Partial<Ticket>, VisitPhase, unknown]>([
    ['starts the next visit', low, urgent, 'over', { kind: 'start' }],
    ['starts nothing while it stays', urgent, { ...urgent, tags: ['vip'] }, 'over', NOTHING],
    ['starts nothing when a reply reopens the ticket', { ...urgent, status: RESOLVED }, urgent, 'over', NOTHING],
    ['that is taken away loses the trigger', urgent, low, 'open', LOST('removed')],
    [
      'beside a status that stays loses nothing',
      { ...urgent, status: FIELD },
      { ...low, status: FIELD },
      'open',
      NOTHING,
    ],
    ['is undecided without a visit', low, urgent, 'none', { kind: 'undecided' }],
  ])('%s', (_, before, now, phase, meaning) => {
    expect(meaningOf(knowing(before, URGENT), look(ticket(now), URGENT), phase)).toEqual(meaning);
  });

  it('is no edge where the config has just begun to name it', () => {
    const known = knowing(urgent);
    expect(meaningOf(known, look(ticket(urgent), URGENT), 'over')).toEqual(NOTHING);
  });

  it('is no loss where the config no longer names it', () => {
    const known = knowing(urgent, URGENT);
    expect(meaningOf(known, look(ticket(urgent)), 'open')).toEqual(NOTHING);
  });

  it('that Deskbridge wrote itself is no edge, and another one of that moment is', () => {
    const before = ticket({ values: { cf_visit: 'no', priority: '1' } });
    const known = knownAfterLook(null, look(before, URGENT));
    before.values.priority = '4';
    const level = knownAfterWrite(known, written(before, { values: { cf_visit: 'yes' } }, URGENT));
    expect(level.matches).toBe(true);
    const echo = look(ticket({ values: { cf_visit: 'yes', priority: '1' } }), URGENT);
    expect(hasEdge(level, echo)).toBe(false);
    expect(hasEdge(level, look(before, URGENT))).toBe(true);
  });
});

describe('what dispatch.only keeps out', () => {
  const WHY = 'its group is not in dispatch.only.groups';
  const barred = { ...RULE, barred: WHY };
  const field = ticket({ status: FIELD });

  it('begins nothing, and the next edge asks again', () => {
    expect(meaningOf(null, look(field, barred), 'none')).toEqual({ kind: 'skip', why: 'barred' });
    expect(meaningOf(knowing(), look(field, barred), 'over')).toEqual({ kind: 'barred', why: WHY });
    expect(meaningOf(knowing(), look(field), 'over')).toEqual({ kind: 'start' });
  });

  it('stays out when dispatch.only comes to hold later, until the trigger has gone and come again', () => {
    let known = knownAfterLook(null, look(field, barred));
    expect(meaningOf(known, look(field), 'none')).toEqual({ kind: 'skip', why: 'barred' });
    known = knownAfterLook(known, look(field));
    expect(meaningOf(known, look(field), 'none')).toEqual({ kind: 'skip', why: 'barred' });
    known = knownAfterLook(known, look(ticket()));
    expect(known.barred).toBe(false);
    expect(meaningOf(known, look(field), 'none')).toEqual({ kind: 'undecided' });
  });

  it('is never judged again once a visit has begun', () => {
    for (const phase of ['before-order', 'open'] as const)
      expect(meaningOf(knowing({ status: FIELD }), look(field, barred), phase)).toEqual(NOTHING);
  });
});

describe('a rule that has changed since the last look', () => {
  const on = { values: { priority: '4' } };
  const OTHER: Rule = { ...RULE, values: { priority: ['1'] } };

  it('starts nothing for a value that it has come to match', () => {
    expect(hasEdge(knowing(on, OTHER), look(ticket(on), URGENT))).toBe(false);
  });

  it('loses nothing for a value that it matches no more', () => {
    expect(meaningOf(knowing(on, URGENT), look(ticket(on), OTHER), 'open')).toEqual({ kind: 'nothing' });
  });
});

it.each<[string, Partial<Ticket>, Meaning]>([
  ['closed', { status: CLOSED }, { kind: 'lost', how: 'closed', what: 'closed or resolved' }],
  ['taken out of the rule', { status: PENDING }, { kind: 'lost', how: 'removed', what: 'taken out of the rule' }],
  ['marked as spam', { status: FIELD, gone: 'spam' }, { kind: 'lost', how: 'closed', what: 'marked as spam' }],
])('says in words how a ticket was lost: %s', (_, now, meaning) => {
  expect(seen({ status: FIELD }, now, 'open')).toEqual(meaning);
});
