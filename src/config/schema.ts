/**
 * The whole config file as one schema; a key that is left out has the value of the shipped file. The descriptions are
 * what editors show and what an error gives as its hint. Source: interface, section 7.
 */
import { isSupportedCountry } from 'libphonenumber-js';
import { z } from 'zod';
import { filledList, trimmedText } from '../filled-text';
import { isZone } from '../domain/mapping/dates';
import { NEWS_KEYS, STATUS_KEYS, type NewsKey, type StatusKey } from '../domain/status';
import { actionSchema } from './action-schema';
import { DEFAULT_CORRELATION_FIELD, DEFAULT_MERGE_PHRASES, DEFAULT_STATUS, DEFAULT_WORK_ORDER } from './defaults';
import { duration } from './duration';
import { isLoopbackHost } from './loopback';

/** A section that may be left out, or left empty with all its keys commented out. */
const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.preprocess((value) => value ?? {}, z.strictObject(shape)).prefault({});

const labelOrNumber = z.union([trimmedText, z.int()]);
const names = (what: string) => z.array(trimmedText).describe(`A list of ${what}, such as [one, two]`);
const onLoss = z.enum(['cancel', 'ask', 'keep']);
const labelsOrNumbers = (what: string) =>
  z.array(labelOrNumber).prefault([]).describe(`A list of ${what}, by label or number; [] for any`);
const scalar = z.union([trimmedText, z.number(), z.boolean()]);
const dispatchSchema = section({
  when: section({
    statuses: z
      .array(labelOrNumber)
      .prefault(['Field Service Required'])
      .describe('Ticket statuses that start a dispatch: a list of labels or numbers; [] for none'),
    tags: names('ticket tags that start a dispatch').prefault(['on-site']),
    priorities: z
      .array(labelOrNumber)
      .prefault([])
      .describe('Ticket priorities that start a dispatch: a list of labels or numbers, such as [Urgent]'),
    types: names('ticket types that start a dispatch').prefault([]),
    fields: z
      .record(z.string().min(1), z.union([z.array(scalar).min(1), scalar.transform((value) => [value])]))
      .prefault({})
      .describe('Ticket fields that start a dispatch: { cf_needs_visit: [true, "Yes"] }'),
  }).describe('What starts a dispatch: any one of these, when the ticket comes to match'),
  only: section({
    groups: labelsOrNumbers('groups'),
    types: names('ticket types').prefault([]),
    companies: labelsOrNumbers('companies'),
    products: labelsOrNumbers('products'),
  }).describe('What must hold besides, all of it, before a visit begins; an empty list allows everything'),
  approval: section({
    payAbove: z
      .number()
      .min(0)
      .nullable()
      .prefault(1000)
      .describe('US dollars that one work order may cost without a yes; null: no limit'),
    ordersPerHour: z
      .int()
      .positive()
      .nullable()
      .prefault(100)
      .describe('Work orders that one hour may bring without a yes; null: no limit'),
  }).describe("What waits for a person's yes before anything is made in Field Nation"),
  afterCreate: z.enum(['draft', 'publish', 'route']).prefault('publish').describe('What follows the create'),
  routeTo: z
    .union([z.int().positive(), filledList(z.int().positive()), actionSchema])
    .nullable()
    .prefault(null)
    .describe(
      'For afterCreate: route: a Field Nation provider id, a list of them, or an action that yields such or publish',
    ),
  routeFor: duration
    .nullable()
    .prefault(null)
    .describe(
      'A routed order that nobody took for this long is offered to the marketplace: a time such as 4h; null: never',
    ),
  linkField: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/i, 'is not the name of a ticket field')
    .nullable()
    .prefault('cf_work_order_id')
    .describe('Ticket field that holds the newest work order id, such as cf_work_order_id; null: none'),
  correlationField: labelOrNumber
    .nullable()
    .prefault(DEFAULT_CORRELATION_FIELD)
    .describe('Work-order custom field, id or name, that holds the correlation id; null: description only'),
  attachments: z.boolean().prefault(true).describe('Whether ticket attachments go to the work order: true or false'),
  notes: section({
    toFieldNation: z.boolean().prefault(true).describe('Whether ticket notes become messages: true or false'),
    fromFieldNation: z.boolean().prefault(true).describe('Whether messages become ticket notes: true or false'),
    audience: z.enum(['staff', 'provider']).prefault('staff').describe('Who reads notes in Field Nation'),
  }).describe('Notes and messages between the two sides'),
  onTicketClosed: section({
    unassigned: onLoss.prefault('cancel').describe('When nobody is assigned yet: cancel, ask or keep'),
    assigned: onLoss.prefault('ask').describe('When a provider is assigned: cancel, ask or keep'),
  }).describe('What follows when a person closes, resolves or deletes the ticket'),
  onTicketMerged: z
    .enum(['ask', 'keep'])
    .prefault('ask')
    .describe('What follows when the ticket is merged into another one: ask or keep'),
  mergePhrases: names('words that tell of a merge in a private note').prefault(DEFAULT_MERGE_PHRASES),
  earliestStart: duration
    .nullable()
    .prefault('4h')
    .describe('A start from due_by that is over or nearer becomes now plus this: a time such as 4h; null: never moved'),
  timeZone: z
    .string()
    .refine(isZone, 'is not a time zone')
    .nullable()
    .prefault(null)
    .describe("Time zone of times without one, such as America/Chicago; null: the site's own"),
  startOfDay: z
    .string()
    .regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'is not a time of day')
    .nullable()
    .prefault(null)
    .describe('Time for a date without one, such as "09:00"; null: such a date is a mapping problem'),
  onTriggerRemoved: onLoss
    .prefault('keep')
    .describe('What follows when the rule no longer matches: cancel, ask or keep'),
  deliverables: z.boolean().prefault(false).describe("Whether the provider's files go to the ticket: true or false"),
  sites: section({
    summary: z
      .boolean()
      .prefault(true)
      .describe(
        'Whether a parent ticket gets one note when the visits of all its child tickets are over: true or false',
      ),
    progressField: z
      .string()
      .regex(/^[a-z][a-z0-9_]*$/i, 'is not the name of a ticket field')
      .nullable()
      .prefault(null)
      .describe('Text field of the parent ticket that shows how many are done, such as cf_sites; null: none'),
  }).describe('Several sites: what a parent ticket shows of its child tickets'),
  createPatience: duration
    .prefault('90s')
    .describe('No second create earlier than this after an unanswered one: a length of time such as 90s'),
  patience: duration
    .prefault('1h')
    .describe('A step without success for this long asks for a person: a length of time such as 1h'),
});

const ticketFieldValue = z.union([z.string(), z.number(), z.boolean(), z.null(), actionSchema]);

const effectSchema = z.strictObject({
  ticketStatus: labelOrNumber.nullable().prefault(null).describe('Label or number of a ticket status; null: unchanged'),
  note: z.string().nullable().prefault(null).describe('A private note; text with {{path}}'),
  addTags: names('tags to add').prefault([]),
  removeTags: names('tags to take off').prefault([]),
  fields: z
    .record(z.string(), ticketFieldValue)
    .prefault({})
    .describe(
      'Ticket custom fields to set: { cf_name: text with {{path}}, a number, true, false, null, or an action }',
    ),
});
/** What a Field Nation status does to the ticket. `note` and texts in `fields` are templates. */
export type StatusEffect = z.output<typeof effectSchema>;

const effect = effectSchema.describe('An effect: { ticketStatus, note, addTags, removeTags, fields }').optional();
const statusShape = Object.fromEntries([...STATUS_KEYS, ...NEWS_KEYS].map((key) => [key, effect])) as Record<
  StatusKey | NewsKey,
  typeof effect
>;

const contactsSchema = section({
  defaultRegion: z
    .string()
    .refine((region) => isSupportedCountry(region), 'is not a region')
    .prefault('GB')
    .describe('Region of phone numbers without a country code: two capital letters such as GB or US'),
  newEmail: z
    .enum(['add', 'replace', 'conflict'])
    .prefault('add')
    .describe('Another e-mail of a known person: add it to the others, replace the main one, or end as conflict'),
  nobody: names('more words that stand for nobody').prefault([]),
  mergeWindow: duration.prefault('2s').describe('Events of one contact within this time go out as one call; 0s: off'),
  unchangedWindow: duration.prefault('1h').describe('How long an equal contact is not sent again; 0s: off'),
  consent: names('paths to marketing consent')
    .prefault([
      'context.consent.categoryPreferences.marketing',
      'context.consent.marketing',
      'consent.marketing',
      'traits.marketing_consent',
    ])
    .describe('Paths where consent may stand, such as [traits.marketing_consent]'),
  events: z
    .record(
      z.string().min(1),
      z.strictObject({ action: z.enum(['create', 'upsert']).describe('create, or upsert to update as well') }),
    )
    .prefault({ 'Signed Up': { action: 'create' }, Identified: { action: 'upsert' } })
    .describe('Event name: { action: create } or { action: upsert }'),
  customFields: z
    .record(z.string(), z.string())
    .prefault({ signup_method: 'properties.method' })
    .describe('Contact custom field: path in the event, such as properties.method'),
});

/** What alerts say goes over no open line; a relay on this very machine is reached without TLS. */
const alertUrl = z
  .url({ protocol: /^https?$/, error: 'is not an http(s) address' })
  .refine(
    (text) => !URL.canParse(text) || new URL(text).protocol === 'https:' || isLoopbackHost(new URL(text).hostname),
    'is not an https address; http is for a relay on this machine only',
  );

/** Null turns a time off, as 0 does. */
const alertTime = (preset: string, what: string) =>
  duration
    .nullable()
    .transform((length) => length ?? 0)
    .prefault(preset)
    .describe(`${what}; null: off`);

const alertsSchema = section({
  attentionOlderThan: alertTime('1h', 'Alert when a dispatch waits longer for a person'),
  webhookSilence: alertTime('24h', 'Alert when no webhook comes for this time'),
  unassignedBefore: alertTime('4h', 'Alert when nobody is assigned so long before the visit'),
  notArrivedAfter: alertTime(
    '15m',
    'Alert when nobody has checked in so long after the start, or the end of the arrival window',
  ),
  url: alertUrl.nullable().prefault(null).describe('Address that alerts are posted to; null: only log and metrics'),
  ticketNote: z
    .enum(['off', 'mapping', 'all'])
    .prefault('mapping')
    .describe('Which attention writes a private note on the ticket: off, mapping (and rejected, at once) or all'),
});

export const configSchema = section({
  dispatch: dispatchSchema.describe('When a ticket is dispatched and what happens around it'),
  workOrder: z
    .record(z.string(), actionSchema)
    .prefault(DEFAULT_WORK_ORDER)
    .describe('Target path in the work order: action'),
  status: z
    .strictObject(statusShape)
    .prefault(DEFAULT_STATUS)
    .describe('Field Nation status: what happens to the ticket'),
  contacts: contactsSchema.describe('How product events become contacts'),
  alerts: alertsSchema.describe('Who is told, and when'),
});

/** The checked config file. Lengths of time (`createPatience`, `mergeWindow`, …) are milliseconds. */
export type Config = z.output<typeof configSchema>;
