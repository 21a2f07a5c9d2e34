import { z } from 'zod';

const perMinute = z.int().positive().nullable();

const freshdeskKnobs = z.strictObject({
  /** Automation rules run at all. */
  rulesEnabled: z.boolean().default(true),
  /** Writes through the API trigger update rules whose performer covers the key's agent (12.4): loops must be testable. */
  apiWritesTriggerRules: z.boolean().default(true),
  /** How many copies of each webhook are sent at once. */
  duplicateWebhooks: z.int().min(1).max(50).default(1),
  /** Webhook calls per hour; the rest waits for the next hour and is dropped after 24 h (12.3). */
  webhooksPerHour: z.int().positive().nullable().default(null),
  /** Placeholders are put in `raw`, so quotes can break the JSON (12.2), or `escaped`. */
  webhookValues: z.enum(['raw', 'escaped']).default('raw'),
  /** How late search results are (section 5). */
  searchLagMs: z.number().min(0).default(0),
  /** What the rules that are there from the start send: the template's text, or the ticked placeholders (12.2). */
  webhookContent: z.enum(['advanced', 'simple']).default('advanced'),
  /** How they send it (12.1). */
  webhookEncoding: z.enum(['JSON', 'FORM']).default('JSON'),
  /** The body of a 401 or 403: recorded is the flat one, a client's fixture has the nested one (section 4). */
  refusalBody: z.enum(['flat', 'nested']).default('flat'),
  /** The `Link` header as usual, or with the blanks of the documented sample (section 5). */
  linkHeader: z.enum(['plain', 'blanks']).default('plain'),
  /** Timestamps in UTC, or with the offset of old samples (section 1). */
  timestamps: z.enum(['utc', 'offset']).default('utc'),
  /** What an attachment calls its size; old samples say `file_size` (section 8). */
  attachmentSize: z.enum(['size', 'file_size']).default('size'),
  /** The answer to a note: as recorded, or as documented with `notified_to` (section 7). */
  noteAnswer: z.enum(['recorded', 'documented']).default('recorded'),
  /** A checkbox that was never set (6.1). */
  unsetCheckbox: z.enum(['null', 'false']).default('null'),
  /** Credits per minute (section 3); null refuses nothing. */
  quotaPerMinute: perMinute.default(null),
  /** Of which minute: one that begins with its first call, or always the last 60 s (section 3). */
  quotaWindow: z.enum(['fixed', 'sliding']).default('fixed'),
  /** Own limits of single calls (section 3). */
  ticketCreatePerMinute: perMinute.default(null),
  ticketUpdatePerMinute: perMinute.default(null),
  ticketListPerMinute: perMinute.default(null),
  contactListPerMinute: perMinute.default(null),
  /** The body of a 429, which no source specifies. */
  rateLimitBody: z.enum(['json', 'text']).default('json'),
  /** The key has no rights: 403 on all calls. */
  forbidden: z.boolean().default(false),
  /** The key's agent is an administrator: automation rules and the list of agents answer others with 403 (12.1). */
  administrator: z.boolean().default(true),
  /** The list of automation rules: documented is `{ rules, meta }` (12.1). */
  ruleList: z.enum(['rules', 'array', 'results']).default('rules'),
  /** Rules on one page; null takes the page size of every list. */
  rulesPerPage: perMinute.default(null),
  /** More pages of rules are told by `Link`, else by `meta.count` alone. */
  ruleListLink: z.boolean().default(true),
  /** A rule that is made through the API keeps its events. */
  ruleEvents: z.enum(['kept', 'dropped']).default('kept'),
  /** What the key's agent sees: 1 all tickets, 2 those of its groups, 3 its own; told only (section 11). */
  ticketScope: z.union([z.literal(1), z.literal(2), z.literal(3)]).default(1),
  /** What kind of agent the key is of; told only (section 11). */
  agentType: z.enum(['support_agent', 'field_agent', 'collaborator']).default('support_agent'),
  /** The base64 text without the word `Basic` is served (section 2). */
  bareAuthorization: z.boolean().default(true),
  /** `GET /contacts?unique_external_id=` (9.3). */
  externalIdFilter: z.enum(['honoured', 'rejected', 'ignored']).default('honoured'),
  /** `mobile` and `phone` are unique (9.2). */
  uniqueMobile: z.boolean().default(false),
  uniquePhone: z.boolean().default(false),
  /** A 409 names the holder in `additional_info` (9.4). */
  conflictNamesHolder: z.boolean().default(true),
  /** Custom fields of tickets and contacts that the account lacks until they are made. */
  missingFields: z.array(z.string()).default([]),
  /** Custom ticket fields that status 4 and 5 require (6.3). */
  requiredForClosure: z.array(z.string()).default([]),
  /** Answer to a note on a deleted or spam ticket (section 7). */
  noteOnDeletedTicket: z.union([z.literal(404), z.literal(405)]).default(405),
  /** Unknown query parameters are refused (section 5). */
  rejectUnknownQuery: z.boolean().default(true),
  /** `include=company` of a ticket without one (6.2). */
  absentCompany: z.enum(['null', 'object']).default('null'),
  /** `due_by` and `fr_due_by` of a new ticket: there at birth, or null until "system" sets them (6.1). */
  dueDates: z.enum(['atBirth', 'later']).default('later'),
  /** How much later; no rule tells of it. */
  dueDatesAfterMs: z.number().min(0).default(1500),
  /** Decimal custom fields come as numeric text (6.1). */
  decimalAsText: z.boolean().default(false),
});

const fieldNationKnobs = z.strictObject({
  /** Changes made through the API are told by webhook too (15.1). */
  apiChangesEcho: z.boolean().default(true),
  /** How many copies of each event are sent at once. */
  duplicateWebhooks: z.int().min(1).max(50).default(1),
  /** Copies carry the delivery UUID of the first, or each its own. */
  duplicateDeliveryId: z.enum(['same', 'new']).default('same'),
  /** Each event is delayed by a random time up to this, so that they overtake each other. */
  reorderWindowMs: z.number().min(0).default(0),
  /** A manual retry keeps the delivery UUID (15.2). */
  retryKeepsDeliveryId: z.boolean().default(true),
  /** 408 and 429 are retried (15.4). */
  retryOn408And429: z.boolean().default(true),
  /** Which of the two published bodies a webhook sends (15.2): `event`, or `eventName` with `data`. */
  webhookBody: z.enum(['event', 'eventName']).default('event'),
  /** The order in a webhook: the whole of it, as the newest payload page says, or `{ id, title }`, as its sample shows (15.2). */
  webhookOrder: z.enum(['full', 'thin']).default('full'),
  /** Who does the work stands under `assignee.user`, in `assignee` itself, or as `provider`, in webhooks (15.2). */
  webhookAssignee: z.enum(['nested', 'flat', 'provider']).default('nested'),
  /** Names in the `data` of the older body; its page says camelCase, and shows none (15.2). */
  webhookNames: z.enum(['snake_case', 'camelCase']).default('snake_case'),
  /** `event.params.work_order_id` as numeric text (15.2). */
  eventIdAsText: z.boolean().default(false),
  /** Webhooks may have a plain HTTP address (15.4 refuses them; here Deskbridge runs on one). */
  httpWebhooks: z.boolean().default(true),
  /** An item of the delivery logs names its order always, where `fields` asks for it, or never (15.5). */
  deliveryLogOrder: z.enum(['asked', 'always', 'never']).default('asked'),
  /** The webhook that is there from the start calls by this method (15.5). */
  webhookMethod: z.enum(['post', 'put']).default('post'),
  /** How late the list and search are (section 9). */
  searchLagMs: z.number().min(0).default(0),
  /** Token bucket of REST calls (section 16); null refuses nothing. */
  quotaPerMinute: perMinute.default(null),
  quotaBurst: z.int().positive().default(20),
  /** Life of a token (2.1). */
  tokenSeconds: z.number().positive().default(3600),
  /** A new token ends the ones before (2.1). */
  newTokenEndsOld: z.boolean().default(false),
  /** Status for an expired or unknown token (2.3). */
  badTokenStatus: z.union([z.literal(400), z.literal(401)]).default(401),
  /** Status for an unknown work order (2.3). */
  unknownOrderStatus: z.union([z.literal(401), z.literal(404)]).default(404),
  /** REST accepts the `Authorization: Bearer` header (2.2). */
  bearerHeader: z.boolean().default(false),
  /** Status of a successful create and other POST (section 3). */
  postStatus: z.union([z.literal(200), z.literal(201)]).default(200),
  /** Ids of work orders, messages and people as text (section 3). */
  stringIds: z.boolean().default(false),
  /** Absent dates, texts and objects (section 3). */
  absentValues: z.enum(['omitted', 'empty']).default('omitted'),
  /** Custom fields of an order: grouped by who fills them in, or flat, as in the guide (section 12). */
  customFieldForm: z.enum(['grouped', 'flat']).default('grouped'),
  /** Replies to a message: a list, or a collection (section 10). */
  replies: z.enum(['list', 'collection']).default('list'),
  /** Where the sub-status stands: in `sub_status`, in `display` and `code` alone, or in `display` behind the name (section 14). */
  statusForm: z.enum(['sub_status', 'display', 'combined']).default('sub_status'),
  /** The secret of a webhook is shown whenever it is read, or when it is made alone (15.5). */
  webhookSecret: z.enum(['always', 'onCreate']).default('always'),
  /** Form of `utc` values (section 3). */
  utcForm: z.enum(['space', 'iso']).default('space'),
  /** Which of the error bodies of section 17 is used. */
  errorBody: z
    .enum(['problem', 'status-message', 'error-object', 'error-details', 'fields', 'html'])
    .default('problem'),
  /** A deleted work order is readable with status 10, or 404 (section 5). */
  deletedReadable: z.boolean().default(true),
  /** Where the reason of a cancellation is read from (section 8). */
  cancelReason: z.enum(['either', 'query', 'body']).default('either'),
  /** `f_search` finds drafts, looks into the description, into custom fields (section 9). */
  draftsSearchable: z.boolean().default(true),
  searchesDescription: z.boolean().default(true),
  searchesCustomFields: z.boolean().default(true),
  /** `view=model` gives full work orders or ids only (section 9). */
  listModel: z.enum(['full', 'ids']).default('full'),
  /** Custom fields flagged unique refuse a value that another order has (section 9). */
  enforceUniqueFields: z.boolean().default(false),
  /** `ASSIGNEDTECH` message without an assignee (section 10). */
  messageWithoutAssignee: z.enum(['rejected', 'accepted']).default('rejected'),
  /** Threads on one page of an order's messages; null shows all at once (section 10 names no limit). */
  messagesPerPage: perMinute.default(null),
  /** Least pay of an order, which samples name as `minimum_payment` (4.3). */
  leastPay: z.number().min(0).default(0),
  /** Attributes of a work order that the contract does not know. */
  unknownAttributes: z.enum(['ignored', 'rejected']).default('ignored'),
});

const knobsSchema = z.strictObject({
  freshdesk: freshdeskKnobs.prefault({}),
  fieldNation: fieldNationKnobs.prefault({}),
});

const patchSchema = z.strictObject({
  freshdesk: freshdeskKnobs.partial().optional(),
  fieldNation: fieldNationKnobs.partial().optional(),
});

/** Every assumption [A] of the contracts that can be turned, with its default. Section numbers are those of the contracts. */
export type Knobs = z.output<typeof knobsSchema>;

/** Some of the knobs; those left out stay as they are. */
export interface KnobsPatch {
  freshdesk?: Partial<Knobs['freshdesk']>;
  fieldNation?: Partial<Knobs['fieldNation']>;
}

export const defaultKnobs = (): Knobs => knobsSchema.parse({});

/** Changes the knobs in place. Throws a ZodError for a name or value that does not exist. */
export function turnKnobs(knobs: Knobs, patch: unknown): void {
  // Parsed for the check only: the partial schema would fill defaults in for what is left out.
  patchSchema.parse(patch);
  const { freshdesk, fieldNation } = patch as KnobsPatch;
  Object.assign(knobs.freshdesk, freshdesk);
  Object.assign(knobs.fieldNation, fieldNation);
}
