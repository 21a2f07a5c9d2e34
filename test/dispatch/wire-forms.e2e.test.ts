/**
 * Every published form of what Freshdesk and Field Nation say, two by two: the whole main job – ticket, published order,
 * technician, work done, resolved ticket with its note, and a message – ends the same. Each form by itself is played by
 * the rows of assumptions.e2e. `WIRE_FORMS=all` plays each pair by itself, which takes an hour.
 */
import { allPairs, onePairEach, pairwise, type Setting } from '../helpers/pairs';
import { startStack, type Stack } from '../helpers/stack';
import { FIELD_SERVICE_REQUIRED, RESOLVED, ticketsOf } from '../helpers/tickets';
import { until } from '../helpers/until';

const FRESHDESK = {
  webhookContent: ['advanced', 'simple'],
  webhookEncoding: ['JSON', 'FORM'],
  webhookValues: ['raw', 'escaped'],
  timestamps: ['utc', 'offset'],
  linkHeader: ['plain', 'blanks'],
  attachmentSize: ['size', 'file_size'],
  noteAnswer: ['recorded', 'documented'],
  unsetCheckbox: ['null', 'false'],
  absentCompany: ['null', 'object'],
  decimalAsText: [false, true],
  dueDates: ['atBirth', 'later'],
  apiWritesTriggerRules: [true, false],
};
const FIELD_NATION = {
  webhookBody: ['event', 'eventName'],
  webhookOrder: ['full', 'thin'],
  webhookAssignee: ['nested', 'flat', 'provider'],
  webhookNames: ['snake_case', 'camelCase'],
  webhookMethod: ['post', 'put'],
  eventIdAsText: [false, true],
  apiChangesEcho: [true, false],
  postStatus: [200, 201],
  stringIds: [false, true],
  absentValues: ['omitted', 'empty'],
  utcForm: ['space', 'iso'],
  errorBody: ['problem', 'status-message', 'error-object', 'error-details', 'fields', 'html'],
  listModel: ['full', 'ids'],
  customFieldForm: ['grouped', 'flat'],
  replies: ['list', 'collection'],
  statusForm: ['sub_status', 'display', 'combined'],
  messagesPerPage: [null, 1],
  draftsSearchable: [true, false],
  searchesDescription: [true, false],
  searchesCustomFields: [true, false],
};
/** What makes the forms of look-ups and refusals matter. */
const LOST = { lost: ['nothing', 'publishWorkOrder', 'createWorkOrder'] };
const FACTORS = { ...FRESHDESK, ...FIELD_NATION, ...LOST };
const SETTINGS = process.env.WIRE_FORMS === 'all' ? onePairEach(FACTORS) : pairwise(FACTORS);
const STACKS = 4;

test('few settings hold every pair of forms', () => {
  const few = pairwise(FACTORS);
  const isIn = ([a, i, b, j]: ReturnType<typeof allPairs>[number], setting: Setting): boolean => {
    const values = FACTORS as Record<string, readonly unknown[]>;
    return setting[a] === values[a]?.[i] && setting[b] === values[b]?.[j];
  };
  expect(allPairs(FACTORS).filter((pair) => !few.some((setting) => isIn(pair, setting)))).toEqual([]);
  expect(few.length).toBeLessThan(40);
});

const partOf = (setting: Setting, names: object): Setting =>
  Object.fromEntries(Object.entries(setting).filter(([name]) => name in names));

async function mainJob(stack: Stack, setting: Setting): Promise<unknown> {
  const { control } = stack.sandbox;
  const desk = ticketsOf(stack);
  control.resetKnobs();
  control.clearFaults();
  control.setKnobs({ freshdesk: partOf(setting, FRESHDESK), fieldNation: partOf(setting, FIELD_NATION) });
  const { lost } = setting;
  if (typeof lost === 'string' && lost !== 'nothing') {
    control.addFault({ system: 'field-nation', path: lost, kind: 'lost-answer', times: 1 });
  }
  const id = desk.newTicket({
    status: FIELD_SERVICE_REQUIRED,
    attachments: [{ name: 'lane3.txt', content: 'no link' }],
  });
  const workOrderId = await desk.dispatched(id);
  for (const action of ['assign', 'confirm', 'on-my-way', 'check-in'] as const) control.act(workOrderId, action);
  control.act(workOrderId, 'message', { text: 'I am on site.' });
  control.advanceClock(6 * 60_000);
  control.act(workOrderId, 'check-out');
  control.act(workOrderId, 'work-done', { text: 'Swapped the reader.' });
  const notes = (text: RegExp): number => desk.privateNotes(id).filter(({ body }) => text.test(String(body))).length;
  const isThere = (): boolean =>
    control.ticket(id).status === RESOLVED && notes(/is done/) > 0 && notes(/I am on site/) > 0;
  await until('the ticket to be resolved with its notes', isThere, () => JSON.stringify(desk.privateNotes(id)), 60_000);
  const order = control.workOrder(workOrderId);
  const { first_name: first, last_name: last } = (order.assignee as { user: Record<string, string> }).user;
  const done = desk.privateNotes(id).find(({ body }) => String(body).includes('is done'));
  const [text] = [String(done?.body).replace(/\s+/g, ' ')];
  return {
    link: control.ticket(id).custom_fields,
    technician: text.includes(`Completed by ${first} ${last} on 20`),
    hours: text.includes('Hours on site: 0.1'),
    closingNotes: text.includes('Swapped the reader.'),
    counts: [notes(/is done/), notes(/I am on site/), desk.ordersOf(id).length, desk.publishedOrdersOf(id).length],
    // What a test expects is made of the same order.
    expected: String(workOrderId),
  };
}

test(`the main job ends right with every pair of forms: ${SETTINGS.length} settings`, async () => {
  const waiting = SETTINGS.map((setting, number) => ({ setting, number }));
  const failed: string[] = [];
  const work = async (): Promise<void> => {
    const stack = await startStack();
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { setting, number } = next;
      const told = await mainJob(stack, setting).catch((error: unknown) => ({ error: String(error) }));
      const { expected, ...found } = told as { expected: string };
      try {
        expect(found).toEqual({
          ...{ link: expect.objectContaining({ cf_work_order_id: expected }), counts: [1, 1, 1, 1] },
          ...{ technician: true, hours: true, closingNotes: true },
        });
      } catch {
        failed.push(`${number} ${JSON.stringify(setting)}: ${JSON.stringify(told)}`);
      }
    }
    await stack.stop();
  };
  await Promise.all(Array.from({ length: STACKS }, work));
  expect(failed).toEqual([]);
});
