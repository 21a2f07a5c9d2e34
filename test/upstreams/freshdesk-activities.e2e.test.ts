import type { NewTicket } from '../../sandbox';
import { ACCOUNT, attempt, correlationIdOf, failureOf, startBench, type Bench } from './activity-setup';

const FIELD_SERVICE_REQUIRED = 8;
const VIEW = 'GET /tickets/:id';
const PUT = 'PUT /tickets/:id';
const FIELDS = 'GET /ticket_fields';
const NOTE = 'POST /tickets/:id/notes';

let bench: Bench;
beforeAll(async () => void (bench = await startBench()));
afterEach(() => bench.reset());
afterAll(() => bench.stop());

const look = (ticketId: number, planned = true) => ({
  account: ACCOUNT,
  ticketId,
  first: false,
  plan: planned ? { correlationId: correlationIdOf(ticketId), visit: 1 } : null,
});
const update = (ticketId: number, patch: object = {}) => ({
  ...{ ticketId, status: null, fields: {}, addTags: [], removeTags: [] },
  ...patch,
});

describe('a ticket whose due date comes some seconds after its birth', () => {
  const born = (patch: NewTicket = {}): number => Number(bench.control.createTicket({ status: 8, ...patch }).id);
  const planOf = async (ticketId: number) => {
    const plan = { correlationId: correlationIdOf(ticketId), visit: 1 };
    return (await attempt(() => bench.start().fetchTicket({ account: ACCOUNT, ticketId, first: true, plan }))).plan;
  };
  beforeEach(() => bench.control.setKnobs({ freshdesk: { dueDates: 'later', dueDatesAfterMs: 4000 } }));

  it('is told apart from one that a person must mend, and is mapped once the date is there', async () => {
    const id = born();
    expect(await planOf(id)).toMatchObject({ mayComeByItself: true });
    bench.control.advanceClock(4000);
    const later = await planOf(id);
    expect([later?.problems, later?.mayComeByItself]).toEqual([[], false]);
  });

  it('waits for nothing where something else is missing too', async () => {
    const plan = await planOf(born({ custom_fields: { cf_site_city: null } }));
    // Nobody is asked for the date, which comes by itself.
    expect(plan?.problems.map(({ target }) => target)).toEqual(['location.city']);
    expect(plan?.mayComeByItself).toBe(false);
  });

  it('fires no rule when the system sets the date', async () => {
    const id = born();
    const before = bench.control.deliveries().length;
    bench.control.advanceClock(4000);
    expect(bench.control.ticket(id).due_by).toMatch(/^\d{4}-/);
    expect(bench.control.deliveries()).toHaveLength(before);
  });
});

describe('fetchTicket', () => {
  it('sees the ticket and maps it with one call; the fields and the company are paid for once', async () => {
    const id = bench.ticket({ status: FIELD_SERVICE_REQUIRED, tags: ['VIP'] });
    const activities = bench.start();
    const seen = await attempt(() => activities.fetchTicket(look(id)));
    expect(seen).toMatchObject({
      sight: {
        status: FIELD_SERVICE_REQUIRED,
        tags: ['vip'],
        gone: null,
        closed: false,
        statusMatches: true,
        link: null,
      },
      plan: { problems: [], payload: { title: 'Receipt printer does not print' } },
      unknownStatuses: [],
    });
    const costs = () => bench.control.history().map(({ route, credits }) => [route, credits]);
    expect(costs()).toEqual([
      [VIEW, 3],
      [FIELDS, 1],
    ]);
    bench.control.clearHistory();
    await attempt(() => activities.fetchTicket(look(id)));
    expect(costs()).toEqual([[VIEW, 2]]);
    bench.control.clearHistory();
    await attempt(() => activities.fetchTicket(look(id, false)));
    expect(bench.control.history().map(({ credits }) => credits)).toEqual([1]);
  });

  it('pays for no embed that the mapping does not name', async () => {
    const activities = bench.start({ config: 'workOrder: { title: { from: ticket.requester_id } }' });
    await attempt(() => activities.fetchTicket(look(bench.ticket())));
    expect(bench.control.history()[0]).toMatchObject({ route: VIEW, credits: 1 });
  });

  it('sees a ticket that is deleted, spam or unknown as gone, without a failure', async () => {
    const activities = bench.start();
    const [deleted, spam] = [bench.ticket(), bench.ticket()];
    bench.control.deleteTicket(deleted);
    bench.control.markSpam(spam);
    const goneOf = async (id: number) => (await attempt(() => activities.fetchTicket(look(id)))).sight.gone;
    expect(['deleted', 'not-found']).toContain(await goneOf(deleted));
    expect(['spam', 'not-found']).toContain(await goneOf(spam));
    expect(await goneOf(999_999)).toBe('not-found');
  });

  it('falls back to the labels that Freshdesk ships when the key may not read the fields', async () => {
    bench.control.addFault({ system: 'freshdesk', path: 'ticket_fields', kind: 'status', status: 403 });
    const activities = bench.start({ config: 'dispatch: { when: { statuses: [Pending, Field Service Required] } }' });
    const seen = await attempt(() => activities.fetchTicket(look(bench.ticket({ status: 3 }))));
    expect(seen).toMatchObject({ sight: { statusMatches: true }, unknownStatuses: ['Field Service Required'] });
  });

  it('tells what keeps the ticket from being mapped', async () => {
    const id = bench.ticket({ custom_fields: { cf_site_city: null } });
    const { plan } = await attempt(() => bench.start().fetchTicket(look(id)));
    expect(plan?.problems.map(({ target }) => target)).toContain('location.city');
  });

  it('asks Field Nation nothing while its quota is used up', async () => {
    bench.control.addFault({
      system: 'field-nation',
      path: '/custom-fields',
      kind: 'status',
      status: 429,
      retryAfter: '600',
    });
    const activities = bench.start({ config: 'dispatch: { correlationField: Ticket }' });
    const id = bench.ticket();
    expect(await failureOf(() => activities.fetchTicket(look(id)))).toMatchObject({ type: 'RateLimited' });
    expect(await failureOf(() => activities.fetchTicket(look(id)))).toMatchObject({ type: 'RateLimited' });
    expect(bench.calls('field-nation')).toEqual(['GET /custom-fields']);
  });
});

describe('linkTicket', () => {
  it('writes the id with one call, and again without a change', async () => {
    const id = bench.ticket();
    const activities = bench.start();
    await attempt(() => activities.fetchTicket(look(id, false)));
    bench.control.clearHistory();
    for (let number = 1; number <= 2; number++) {
      await attempt(() => activities.linkTicket({ ticketId: id, workOrderId: 901234 }), number);
    }
    expect(bench.calls('freshdesk')).toEqual([PUT, PUT]);
    expect(bench.control.ticket(id)).toMatchObject({ custom_fields: { cf_work_order_id: '901234' } });
  });

  it('does nothing without a link field', async () => {
    const activities = bench.start({ config: 'dispatch: { linkField: null }' });
    expect(await attempt(() => activities.linkTicket({ ticketId: 1, workOrderId: 2 }))).toEqual({
      ...{ updatedAt: null, status: null, tags: [] },
    });
    expect(bench.calls('freshdesk')).toEqual([]);
  });

  it('names the field that Freshdesk does not have', async () => {
    const activities = bench.start({ config: 'dispatch: { linkField: cf_nowhere }' });
    const failure = await failureOf(() => activities.linkTicket({ ticketId: bench.ticket(), workOrderId: 2 }));
    expect(failure).toMatchObject({
      type: 'InvalidRequest',
      nonRetryable: true,
      detail: { reason: 'rejected', unsure: false },
    });
    expect(failure.detail.detail).toContain('cf_nowhere');
    expect(failure.detail.remedy).toContain('config file');
  });
});

describe('writeEffect', () => {
  const effectOf = (ticketId: number) => ({
    ...{ account: ACCOUNT, ticketId, correlationId: correlationIdOf(ticketId), visit: 1, workOrderId: 901234 },
    ...{ workOrderUrl: null, key: 'work-done' as const, at: null, event: null },
  });
  const FREE = { status: false, things: [] };

  it('decides by the config of now and writes that, with one call', async () => {
    const id = bench.ticket();
    const activities = bench.start({ config: 'status: { work-done: { ticketStatus: Pending, note: Done } }' });
    const { rules } = await attempt(() => activities.fetchTicket(look(id, false)));
    expect(rules.writes).toEqual(['work-done']);
    bench.setConfig('status: { work-done: { ticketStatus: Resolved, fields: { cf_technician: Lee }, note: Done } }');
    bench.control.clearHistory();
    const input = { effect: effectOf(id), spared: { status: false, things: ['field cf_technician'] } };
    const { decision, change, written } = await attempt(() => activities.writeEffect(input));
    expect(decision).toMatchObject({
      update: { fields: { cf_technician: 'Lee' } },
      note: { body: expect.any(String) },
    });
    expect(change).toMatchObject({ status: 'Resolved', fields: {} });
    expect(written?.write).toMatchObject({ status: 4, closed: true });
    expect(bench.calls('freshdesk')).toEqual([PUT]);
    expect(bench.control.ticket(id).status).toBe(4);
  });

  const withNote = (id: number) => ({ effect: effectOf(id), spared: FREE, withNote: true });
  const DONE = { config: 'status: { work-done: { ticketStatus: Resolved, note: Done } }' };

  it('writes the note along where it surely is not written yet', async () => {
    const id = bench.ticket();
    const activities = bench.start(DONE);
    await attempt(() => activities.fetchTicket(look(id, false)));
    bench.control.clearHistory();
    const { noted } = await attempt(() => activities.writeEffect(withNote(id)));
    expect(bench.calls('freshdesk')).toEqual([PUT, NOTE]);
    expect(bench.control.conversations(id)).toMatchObject([{ id: noted?.noteId, private: true }]);
  });

  it.each(['status', 'lost-answer'] as const)(
    'leaves a note that meets a fault (%s) to a call of its own',
    async (kind) => {
      const id = bench.ticket();
      const activities = bench.start(DONE);
      bench.control.addFault({ system: 'freshdesk', path: '/notes$', kind, ...(kind === 'status' && { status: 403 }) });
      const { written, noted, noteTried } = await attempt(() => activities.writeEffect(withNote(id)));
      expect(written?.write).toMatchObject({ status: 4 });
      expect([noted, noteTried]).toEqual([null, true]);
      expect(bench.calls('freshdesk').filter((call) => call === NOTE)).toHaveLength(1);
    },
  );

  it('leaves the note to a call of its own when the change took long', async () => {
    const id = bench.ticket();
    const activities = bench.start(DONE);
    bench.control.addFault({ system: 'freshdesk', method: 'PUT', kind: 'slow', delayMs: 2_100, times: 1 });
    const { written, noted, noteTried } = await attempt(() => activities.writeEffect(withNote(id)));
    expect([written?.write.status, noted, noteTried]).toEqual([4, null, false]);
    expect(bench.control.conversations(id)).toEqual([]);
  });

  it.each([
    ['the config names nothing any more', '{}', FREE, null],
    ['only a note is wanted', '{ work-done: { note: Done } }', FREE, { update: null }],
    ['all of it is spared', '{ work-done: { ticketStatus: Resolved } }', { status: true, things: [] }, { note: null }],
    [
      'the ticket has to be read first',
      '{ work-done: { ticketStatus: Resolved, note: "{{ticket.subject}}" } }',
      FREE,
      'needs-ticket',
    ],
  ])('writes nothing where %s', async (_, status, spared, expected) => {
    const id = bench.ticket();
    const activities = bench.start({ config: `status: ${status}` });
    const { decision, ...rest } = await attempt(() => activities.writeEffect({ effect: effectOf(id), spared }));
    if (expected !== null && typeof expected === 'object') expect(decision).toMatchObject(expected);
    else expect(decision).toBe(expected);
    expect(rest).toEqual({ change: null, written: null, noted: null, noteTried: false });
    expect(bench.calls('freshdesk')).toEqual([]);
  });
});

describe('updateTicket', () => {
  it('needs one call without tags and two with them', async () => {
    const id = bench.ticket({ tags: ['vip', 'On-Site'] });
    const activities = bench.start();
    await attempt(() => activities.fetchTicket(look(id, false)));
    bench.control.clearHistory();
    const { write } = await attempt(() =>
      activities.updateTicket(update(id, { status: 'resolved', fields: { cf_technician: 'Lee' } })),
    );
    expect(write).toMatchObject({ status: 4, closed: true, statusMatches: false, matchingTags: ['on-site'] });
    expect(bench.calls('freshdesk')).toEqual([PUT]);
    bench.control.clearHistory();
    const tags = update(id, { addTags: ['Done', 'VIP'], removeTags: ['ON-SITE'] });
    const { write: second } = await attempt(() => activities.updateTicket(tags));
    expect(second).toMatchObject({
      status: null,
      addedTags: ['done', 'vip'],
      removedTags: ['on-site'],
      matchingTags: [],
    });
    expect(bench.calls('freshdesk')).toEqual([VIEW, PUT]);
    const after = bench.control.ticket(id);
    await attempt(() => activities.updateTicket(tags), 2);
    expect(bench.control.ticket(id).tags).toEqual(after.tags);
    expect(after.status).toBe(4);
  });

  it('leaves an unknown status to a person, and finds it on retry once it is there', async () => {
    const id = bench.ticket();
    const activities = bench.start();
    const failure = await failureOf(() => activities.updateTicket(update(id, { status: 'Parked' })));
    expect(failure).toMatchObject({ type: 'MappingProblem', nonRetryable: true, detail: { reason: 'mapping' } });
    expect(failure.detail.detail).toMatch(/"Parked".*field service required/);
    expect(failure.detail.remedy).toContain('ticketStatus');
    bench.control.clearHistory();
    await failureOf(() => activities.updateTicket(update(id, { status: 'Parked' })));
    expect(bench.calls('freshdesk')).toEqual([FIELDS]);
  });

  it('names the field that closing the ticket requires', async () => {
    bench.control.setKnobs({ freshdesk: { requiredForClosure: ['cf_po_number'] } });
    const failure = await failureOf(() => bench.start().updateTicket(update(bench.ticket(), { status: 4 })));
    expect(failure).toMatchObject({ type: 'InvalidRequest', nonRetryable: true });
    expect(failure.detail.detail).toContain('cf_po_number');
  });

  it('finds a deleted ticket gone', async () => {
    const id = bench.ticket();
    bench.control.deleteTicket(id);
    const failure = await failureOf(() => bench.start().updateTicket(update(id, { status: 4 })));
    expect(failure).toMatchObject({ type: 'NotFound', nonRetryable: true, detail: { reason: 'not-found' } });
  });

  it('names the key that Freshdesk refuses', async () => {
    const failure = await failureOf(() =>
      bench.start({ apiKey: 'wrong' }).updateTicket(update(bench.ticket(), { status: 4 })),
    );
    expect(failure).toMatchObject({
      type: 'Unauthorized',
      nonRetryable: true,
      detail: { reason: 'unauthorized', status: 401 },
    });
    expect(failure.detail.remedy).toContain('FRESHDESK_API_KEY');
    expect(JSON.stringify(failure)).not.toContain('wrong');
  });
});

describe('addNote', () => {
  const note = (ticketId: number, lookFirst = false) => {
    const marker = `${correlationIdOf(ticketId)} work-done 2027-03-02T15:00:00.000Z`;
    return { ticketId, marker, lookFirst, body: `<div>Done</div><div><small>Deskbridge ${marker}</small></div>` };
  };

  it('writes a private note with one call', async () => {
    const id = bench.ticket();
    await attempt(() => bench.start().addNote(note(id)));
    expect(bench.control.conversations(id)).toMatchObject([{ private: true }]);
    expect(bench.calls('freshdesk')).toEqual([NOTE]);
  });

  it('writes no second note when the answer to the first was lost', async () => {
    const id = bench.ticket();
    const activities = bench.start();
    bench.control.addFault({ system: 'freshdesk', path: '/notes$', kind: 'lost-answer', times: 1 });
    const failure = await failureOf(() => activities.addNote(note(id)));
    expect(failure).toMatchObject({ type: 'UpstreamUnavailable', nonRetryable: false, detail: { unsure: true } });
    const { noteId } = await attempt(() => activities.addNote(note(id)), 2);
    expect(bench.control.conversations(id)).toMatchObject([{ id: noteId }]);
    await attempt(() => activities.addNote(note(id, true)));
    expect(bench.control.conversations(id)).toHaveLength(1);
  });

  it('finds its note behind more than a page of others, and takes that of another visit for another', async () => {
    const id = bench.ticket();
    const activities = bench.start();
    for (let count = 0; count < 100; count++)
      bench.control.addNote(id, `<div>${correlationIdOf(id, 12)} work-done</div>`);
    const { noteId } = await attempt(() => activities.addNote(note(id, true)));
    expect(bench.control.conversations(id)).toHaveLength(101);
    expect(await attempt(() => activities.addNote(note(id)), 2)).toMatchObject({ noteId });
    expect(bench.control.conversations(id)).toHaveLength(101);
  });

  it('takes no word of a requester for its note, and no public reply of an agent', async () => {
    const id = bench.ticket();
    const { body } = note(id);
    bench.control.reply(id, body, 'requester');
    bench.control.reply(id, body, 'agent');
    bench.control.addNote(id, `${body}<div>and more below</div>`);
    const { noteId } = await attempt(() => bench.start().addNote(note(id, true)), 2);
    expect(bench.control.conversations(id)).toHaveLength(4);
    expect(bench.control.conversations(id).at(-1)).toMatchObject({ id: noteId, private: true });
  });

  it.each([
    ['500', { kind: 'status', status: 500 }],
    ['a page of HTML', { kind: 'html' }],
    ['a cut connection', { kind: 'reset-before' }],
  ] as const)('is tried again after %s', async (_, fault) => {
    bench.control.addFault({ system: 'freshdesk', times: 1, ...fault });
    const failure = await failureOf(() => bench.start().addNote(note(bench.ticket())));
    expect(failure).toMatchObject({ type: 'UpstreamUnavailable', nonRetryable: false });
    expect(failure.nextRetryDelay).toBeGreaterThanOrEqual(2_000);
  });
});
