/** What the routes take and answer, as far as no route's own schema says it. Source: interface, sections 4 and 5. */
import { z } from 'zod';
import { CONTACT_OUTCOMES, DROP_REASONS } from '../../contract/contact';
import { ATTENTION_REASONS, DISPATCH_STATES } from '../../contract/dispatch';
import { ticketId } from '../api';

const time = z.iso.datetime().describe('ISO 8601 in UTC');

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What is wrong, for a person'),
  code: z.string().describe('What is wrong, for a program'),
  retryable: z.boolean().describe('Whether the same request may succeed later'),
});

export const dispatchSummary = z.object({
  ticketId: z.int(),
  account: z.string(),
  visit: z.int(),
  state: z.enum(DISPATCH_STATES),
  correlationId: z.string(),
  workOrderId: z.int().nullable(),
  workOrderStatus: z.string().nullable(),
  attention: z
    .object({ reason: z.enum(ATTENTION_REASONS), detail: z.string(), remedy: z.string() })
    .nullable()
    .describe('What waits for a person; null: nothing does'),
  waitingFor: z.string().nullable(),
  nextAttemptAt: time.nullable(),
  links: z.object({ ticket: z.string(), workOrder: z.string().nullable(), workflow: z.string().nullable() }),
});

export const dispatch = dispatchSummary.extend({
  timeline: z
    .array(z.object({ at: time, what: z.string(), detail: z.string().nullable(), said: z.string().optional() }))
    .describe('Oldest first'),
});

export const dispatchPage = z.object({
  items: z.array(dispatchSummary),
  nextCursor: z.string().nullable().describe('Give it as cursor for the next page; null: this was the last one'),
});

export const started = z.object({ dispatch: z.string().nullable().describe('Workflow id') });
export const webhookTaken = started.extend({ ignored: z.string().optional().describe('Why nothing was started') });
export const eventTaken = z.object({ taken: z.enum(['dispatch', 'parked', 'foreign']) });
export const accepted = z.object({ accepted: z.literal(true) });

export const pause = z.object({
  paused: z.boolean(),
  reason: z.string().nullable(),
  by: z.string().nullable().describe('Who paused; null: nobody, or a person who gave no name'),
  since: time.nullable(),
});

/** For the documentation: at least one of these is there. */
const oneOf = (...names: string[]) => ({ anyOf: names.map((name) => ({ required: [name] })) });

export const freshdeskWebhook = z
  .looseObject({
    ticket_id: ticketId.optional(),
    id: ticketId.optional(),
    freshdesk_webhook: z
      .looseObject({ ticket_id: ticketId.optional(), id: ticketId.optional() })
      .meta(oneOf('ticket_id', 'id'))
      .optional(),
    account: z.string().optional().describe('The subdomain; another one than ours is ignored'),
  })
  .meta({
    description: 'The ticket id stands at ticket_id, at id, or under freshdesk_webhook',
    ...oneOf('ticket_id', 'id', 'freshdesk_webhook'),
  });

export const fieldNationWebhook = z
  .looseObject({
    event: z.looseObject({ name: z.string() }).optional(),
    timestamp: z.string().optional(),
    workorder: z.looseObject({ id: z.union([z.int(), z.string()]).optional() }).optional(),
    eventName: z.string().optional().describe('The older form, which names the event here'),
    eventId: z.string().optional(),
    workOrderId: z.union([z.int(), z.string()]).optional(),
    data: z.looseObject({}).optional(),
  })
  .describe('The default payload of webhooks v3, in either of its published forms: with event, or with eventName');

const callName = z.enum(['identify', 'track', 'page', 'screen', 'group', 'alias']);
const eventName = z.string().regex(/\S/).describe('Name of a track call, such as Signed Up');
const event = z
  .looseObject({
    type: callName.optional(),
    event: eventName.optional(),
    userId: z.string().optional(),
    anonymousId: z.string().optional(),
    messageId: z.string().optional().describe('A repeat with the same id is not taken twice'),
    traits: z.looseObject({}).optional(),
    properties: z.looseObject({}).optional(),
    context: z.looseObject({}).optional().describe('consent.marketing: true, among others'),
    writeKey: z.string().optional().describe('Instead of Basic authorization'),
  })
  .describe("A call of Segment's HTTP tracking API");

/** On the route of one call, `type` names that call or is absent. */
export const eventOf = (call: z.output<typeof callName>) =>
  event.extend({
    type: z.literal(call).optional(),
    event: call === 'track' ? eventName : eventName.optional(),
  });
/** Where no route names the call. */
export const typedEvent = z.union([
  eventOf('track').required({ type: true }),
  event.extend({ type: callName.exclude(['track']) }),
]);

export const batch = z.looseObject({
  batch: z.array(event),
  context: z.looseObject({}).optional().describe('Of each of the events; their own values win'),
  writeKey: z.string().optional(),
});
const notes = z.array(z.string()).describe('What was left out and why');
const dropReason = z.enum(DROP_REASONS);
export const eventAccepted = z.object({
  success: z.literal(true),
  outcome: z.enum(['accepted', 'dropped']),
  reason: dropReason.nullable(),
  notes,
});
export const batchAccepted = z.object({
  success: z.literal(true),
  results: z
    .array(
      z.union([
        z.object({ status: z.literal('accepted'), notes: notes.optional() }),
        z.object({ status: z.literal('dropped'), reason: dropReason, notes: notes.optional() }),
        z.object({ status: z.literal('invalid'), errors: z.array(z.string()) }),
      ]),
    )
    .describe('One for each event, in their order'),
});

export const eventPage = z.object({
  items: z.array(
    z.object({
      at: time,
      type: z.string(),
      event: z.string(),
      outcome: z.enum(['accepted', 'dropped', 'invalid']),
      reason: z.string().nullable(),
      notes,
      result: z.enum(CONTACT_OUTCOMES).nullable().describe('How its run ended; null: not yet, or it has none'),
      run: z.string().nullable().describe('Workflow id'),
    }),
  ),
});

export const eventTrial = z.object({
  outcome: z.enum(['accepted', 'dropped', 'invalid']),
  reason: z.string().nullable(),
  gates: z.array(z.object({ gate: dropReason, passed: z.boolean(), detail: z.string() })),
  body: z.looseObject({}).nullable().describe('Of the contact for Freshdesk; null: nothing would be sent'),
  notes,
});

export const replayCounts = z.object({
  dryRun: z.boolean(),
  contacts: z.int(),
  events: z.int().describe('Sent again'),
  newer: z.int().describe('Not sent: a newer event was'),
  withdrawn: z.int().describe('Not sent: consent was withdrawn'),
  again: z.int().describe('Not sent: they were sent again before'),
  unmapped: z.int().describe('Not sent: the config has no rule for them any more'),
  run: z.string().nullable().describe('Workflow id; null: nothing was begun'),
});

export const previewBody = z.union([
  z.object({ ticket_id: ticketId }),
  z.object({
    ticket: z.looseObject({ id: z.int().min(1), status: z.int() }).describe('A ticket as Freshdesk answers it'),
  }),
]);

export const mappingPreview = z.object({
  ticketId: z.int(),
  correlationId: z.string(),
  visit: z.int(),
  matchesRule: z.boolean(),
  fields: z.array(
    z.object({ target: z.string(), source: z.string().nullable(), action: z.string(), value: z.unknown() }),
  ),
  problems: z.array(
    z.object({
      target: z.string(),
      source: z.string().nullable(),
      message: z.string(),
      value: z.string().nullable(),
      remedy: z.string(),
    }),
  ),
  workOrder: z.record(z.string(), z.unknown()).describe('The body of the create'),
});

export const alive = z.object({ status: z.literal('ok') });
export const ready = z.object({ status: z.literal('ready') });
