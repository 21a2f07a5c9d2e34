/**
 * What the contracts only assume [A]: each knob of the sandbox is turned by itself, and the main job – trigger, published
 * order, work done, ticket resolved with one note – still ends right.
 */
import { FIELD_SERVICE_REQUIRED, RESOLVED, type TicketDesk } from '../helpers/tickets';
import { UNLIMITED_ORDERS, type Stack } from '../helpers/stack';
import { useStack } from '../helpers/use-stack';
import { until } from '../helpers/until';
import type { KnobsPatch } from '../../sandbox/knobs';

const HOUR = 60 * 60 * 1000;

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made), { config: UNLIMITED_ORDERS });

/** What makes the knob matter: run before the trigger; a returned function runs once the ticket is there. */
type Provoke = () => void | Promise<void> | ((ticketId: number) => Promise<void> | void);

/** Field Nation stores the order and its answer is lost: it has to be found. No event of it gives it away. */
const loseCreate: Provoke = () => {
  stack.sandbox.control.setKnobs({ fieldNation: { apiChangesEcho: false } });
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'lost-answer', times: 1 });
};

/** The publish is carried out and its answer is lost: the next one is refused, in whatever form. */
const losePublish: Provoke = () => {
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'publishWorkOrder', kind: 'lost-answer', times: 1 });
};

const endTokens: Provoke = () => stack.sandbox.control.expireTokens();

/**
 * Freshdesk counts in fixed minutes: the present one is used up, and ends in two seconds. The numbers of the rows are
 * what the next minute needs, so that nothing waits for a third.
 */
const useUpMinute: Provoke = async () => {
  const { control } = stack.sandbox;
  const { id } = control.createTicket();
  control.setKnobs({ freshdesk: { apiWritesTriggerRules: false } });
  control.advanceClock(60_000);
  const headers = {
    authorization: `Basic ${Buffer.from('freshdesk-key:X').toString('base64')}`,
    'content-type': 'application/json',
  };
  const put = { method: 'PUT', headers, body: JSON.stringify({ priority: 2 }) };
  for (let i = 0; i < 12; i++)
    await fetch(`${stack.sandbox.freshdeskUrl}/api/v2/tickets/${String(id)}`, i < 2 ? put : { headers });
  control.advanceClock(58_000);
};

const freshdesk: [keyof NonNullable<KnobsPatch['freshdesk']>, unknown[], Provoke?][] = [
  ['rulesEnabled', [false], () => async (id) => void (await desk.postFreshdeskWebhook({ ticket_id: id }))],
  ['apiWritesTriggerRules', [false]],
  ['duplicateWebhooks', [10]],
  ['webhooksPerHour', [1], () => () => stack.sandbox.control.advanceClock(HOUR)],
  ['webhookValues', ['escaped']],
  ['searchLagMs', [60_000]],
  ['quotaPerMinute', [12], useUpMinute],
  ['quotaWindow', ['sliding'], () => void stack.sandbox.control.setKnobs({ freshdesk: { quotaPerMinute: 30 } })],
  ['ticketCreatePerMinute', [1]],
  ['ticketUpdatePerMinute', [2], useUpMinute],
  ['ticketListPerMinute', [1]],
  ['contactListPerMinute', [1]],
  [
    'rateLimitBody',
    ['text'],
    () => {
      stack.sandbox.control.addFault({
        ...{ system: 'freshdesk', path: 'updateTicket', kind: 'status', status: 429, retryAfter: '1', times: 1 },
      });
    },
  ],
  [
    'forbidden',
    [true],
    () => async (id) => {
      await stack.view(id, 'attention', (v) => v.attention?.reason === 'unauthorized');
      stack.sandbox.control.setKnobs({ freshdesk: { forbidden: false } });
      await stack.starter.retry(id);
    },
  ],
  ['bareAuthorization', [false]],
  ['webhookContent', ['simple']],
  ['webhookEncoding', ['FORM']],
  ['timestamps', ['offset']],
  ['linkHeader', ['blanks']],
  ['attachmentSize', ['file_size']],
  ['noteAnswer', ['documented']],
  ['unsetCheckbox', ['false']],
  ['dueDates', ['later']],
  ['dueDatesAfterMs', [100]],
  ['requiredForClosure', [['cf_technician']], () => (id) => void fillOnceAsked(id)],
  ['rejectUnknownQuery', [false]],
  ['absentCompany', ['object']],
  ['decimalAsText', [true]],
  // Contacts and deleted tickets are no part of the main job; turned all the same.
  ['externalIdFilter', ['rejected', 'ignored']],
  ['uniqueMobile', [true]],
  ['uniquePhone', [true]],
  ['conflictNamesHolder', [false]],
  ['noteOnDeletedTicket', [404]],
  // Only set-up and doctor ask for what an administrator may, and for what the key's agent is.
  ['administrator', [false]],
  ['refusalBody', ['nested']],
  ['ruleList', ['array', 'results']],
  ['rulesPerPage', [1]],
  ['ruleListLink', [false]],
  ['ruleEvents', ['dropped']],
  ['missingFields', [['cf_after_hours']]],
  ['ticketScope', [2, 3]],
  ['agentType', ['field_agent', 'collaborator']],
];

const fieldNation: [keyof NonNullable<KnobsPatch['fieldNation']>, unknown[], Provoke?][] = [
  ['apiChangesEcho', [false]],
  ['duplicateWebhooks', [5]],
  [
    'duplicateDeliveryId',
    ['new'],
    () => void stack.sandbox.control.setKnobs({ fieldNation: { duplicateWebhooks: 3 } }),
  ],
  ['reorderWindowMs', [400]],
  ['retryKeepsDeliveryId', [false], () => () => resendAll()],
  ['retryOn408And429', [false]],
  ['eventIdAsText', [true]],
  ['webhookBody', ['eventName']],
  ['webhookOrder', ['thin']],
  ['webhookAssignee', ['flat', 'provider']],
  [
    'webhookNames',
    ['camelCase'],
    () => void stack.sandbox.control.setKnobs({ fieldNation: { webhookBody: 'eventName' } }),
  ],
  ['webhookMethod', ['put']],
  ['webhookSecret', ['onCreate']],
  ['deliveryLogOrder', ['always', 'never']],
  ['customFieldForm', ['flat'], loseCreate],
  ['replies', ['collection']],
  ['statusForm', ['display', 'combined']],
  ['httpWebhooks', [false]],
  // Shorter than the patience before a second create, as in reality.
  ['searchLagMs', [300], loseCreate],
  // A bucket of one would cost a minute's wait for each pair of calls that meet.
  ['quotaPerMinute', [120], () => void stack.sandbox.control.setKnobs({ fieldNation: { quotaBurst: 2 } })],
  ['quotaBurst', [2], () => void stack.sandbox.control.setKnobs({ fieldNation: { quotaPerMinute: 120 } })],
  ['tokenSeconds', [1], endTokens],
  ['newTokenEndsOld', [true], endTokens],
  ['badTokenStatus', [400], endTokens],
  [
    'unknownOrderStatus',
    [401],
    () => void stack.sandbox.control.sendEvent({ name: 'workorder.status.work_done', workOrderId: 777_777 }),
  ],
  ['bearerHeader', [true], endTokens],
  ['postStatus', [201]],
  ['stringIds', [true], loseCreate],
  ['absentValues', ['empty'], loseCreate],
  ['utcForm', ['iso'], loseCreate],
  ['errorBody', ['status-message', 'error-object', 'error-details', 'fields', 'html'], losePublish],
  ['deletedReadable', [false]],
  ['cancelReason', ['query', 'body']],
  ['draftsSearchable', [false], loseCreate],
  ['searchesDescription', [false], loseCreate],
  ['searchesCustomFields', [false], loseCreate],
  ['listModel', ['ids'], loseCreate],
  ['enforceUniqueFields', [true], loseCreate],
  ['messageWithoutAssignee', ['accepted']],
  ['messagesPerPage', [1]],
  ['unknownAttributes', ['rejected']],
  ['leastPay', [20]],
];

type Row = [name: string, patch: KnobsPatch, provoke: Provoke | undefined];
const rowsOf = (system: keyof KnobsPatch, knobs: [string, unknown[], Provoke?][]): Row[] =>
  knobs.flatMap(([knob, values, provoke]) =>
    values.map((value): Row => [
      `${system}.${knob} = ${JSON.stringify(value)}`,
      { [system]: { [knob]: value } },
      provoke,
    ]),
  );

test('every knob of the sandbox has a row', () => {
  const knobs = stack.sandbox.control.knobs();
  expect(freshdesk.map(([knob]) => knob).sort()).toEqual(Object.keys(knobs.freshdesk).sort());
  expect(fieldNation.map(([knob]) => knob).sort()).toEqual(Object.keys(knobs.fieldNation).sort());
});

test.each([...rowsOf('freshdesk', freshdesk), ...rowsOf('fieldNation', fieldNation)])(
  'the main job ends right with %s',
  async (_, patch, provoke) => {
    const { control } = stack.sandbox;
    const afterwards = await provoke?.();
    control.setKnobs(patch);
    const id = desk.newTicket({ status: FIELD_SERVICE_REQUIRED, custom_fields: { cf_pay_amount: 62.5 } });
    await afterwards?.(id);
    const workOrderId = await desk.dispatched(id);
    await desk.finish(id, workOrderId);
    expect(control.ticket(id)).toMatchObject({
      ...{ status: RESOLVED, custom_fields: { cf_work_order_id: String(workOrderId) } },
    });
    expect([desk.ordersOf(id).length, desk.publishedOrdersOf(id).length, desk.privateNotes(id).length]).toEqual([
      1, 1, 1,
    ]);
    expect(control.workOrder(workOrderId).pay).toMatchObject({ base: { amount: 62.5 } });
  },
);

test('a ticket born with the trigger, whose due dates come seconds later, is dispatched without a person', async () => {
  stack.sandbox.control.setKnobs({ freshdesk: { dueDates: 'later', dueDatesAfterMs: 4000 } });
  const id = desk.newTicket({ status: FIELD_SERVICE_REQUIRED });
  await desk.dispatched(id);
  const { timeline } = (await stack.dispatches.view(id)) ?? { timeline: [] };
  expect(timeline.map(({ what }) => what)).toContain('The ticket is not complete yet');
  expect(timeline.filter(({ what }) => what.startsWith('Attention'))).toEqual([]);
});

/** An agent fills the field that Freshdesk asks for, when the dispatch says so, and tells it to go on. */
async function fillOnceAsked(id: number): Promise<void> {
  await stack.view(id, 'attention', (v) => v.attention?.reason === 'rejected');
  stack.sandbox.control.updateTicket(id, { custom_fields: { cf_technician: 'Lee Park' } });
  await stack.starter.retry(id);
}

/** Somebody presses "retry" in Field Nation for all that was delivered so far. */
async function resendAll(): Promise<void> {
  const { control } = stack.sandbox;
  await until('an event of Field Nation', () => control.deliveries().some((d) => d.system === 'field-nation'));
  for (const delivery of control
    .deliveries()
    .filter((d) => d.system === 'field-nation')
    .slice(-5))
    control.resendDelivery(delivery.id);
}
