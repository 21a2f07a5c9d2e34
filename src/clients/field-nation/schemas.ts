/** What Field Nation answers (contract 4 to 14): wire names kept, unknown fields passed on, `""` and 0 ids null. */
import { z } from 'zod';
import { asId, asRecord, asText } from '../coerce';
import { allItems, boolean, id, items, maybe, number, optionalId, text, texts } from '../lenient';
import { parseFieldNationTime } from './shapes';

/** A moment: `utc` as ISO 8601, `local` as on the clock at the site (`YYYY-MM-DD`, `HH:MM:SS`). */
export interface FieldNationTime {
  utc: string;
  local: { date: string | null; time: string | null } | null;
}

const time = z
  .unknown()
  .optional()
  .transform((value): FieldNationTime | null => {
    const utc = parseFieldNationTime(value);
    const local = asRecord(asRecord(value)?.local);
    return utc === null ? null : { utc, local: local && { date: asText(local.date), time: asText(local.time) } };
  });

export const personSchema = z.looseObject({
  ...{ id, name: text, first_name: text, last_name: text, email: text, phone: text },
});
export type Person = z.output<typeof personSchema>;

/** Contract 14. Derive the state from `id`, `code`, `sub_status`, `display`, in that order. */
const statusSchema = z.looseObject({
  id: optionalId,
  name: text,
  display: text,
  code: text,
  sub_status: text,
  is_routed: boolean,
  confirmed: boolean,
  /** Seconds or minutes: the sources disagree. */
  delay: number,
  ncns: boolean,
});
export type WorkOrderStatus = z.output<typeof statusSchema>;

const milestonesSchema = z.looseObject({
  created: time,
  published: time,
  routed: time,
  assigned: time,
  workdone: time,
  approved: time,
  paid: time,
  canceled: time,
});

const scheduleSchema = z.looseObject({
  service_window: maybe(z.looseObject({ mode: text, start: time, end: time })),
  time_zone: maybe(z.looseObject({ id: optionalId, name: text, short: text })),
});

/** `in` and `out` are a provider's check-in and check-out; `hours` as Field Nation counts them. */
const timeLogSchema = z.looseObject({
  id: optionalId,
  hours: number,
  in: maybe(z.looseObject({ created: time })),
  out: maybe(z.looseObject({ created: time })),
});

const etaSchema = z.looseObject({ start: time, end: time, hour_estimate: number, notes: text, mode: text });

const amountSchema = z.looseObject({ amount: number, units: number });

/** Contract 5. Everything but `id` may be absent. */
export const workOrderSchema = z.preprocess(
  // Some answers carry the number only as `work_order_id`.
  (value) => {
    const order = asRecord(value);
    return order && asId(order.id) === null ? { ...order, id: order.work_order_id } : value;
  },
  z.looseObject({
    id,
    title: text,
    /** The page of the order for people. */
    href: text,
    status: maybe(statusSchema),
    description: maybe(z.looseObject({ html: text })),
    /** `user` is null while nobody is assigned. */
    assignee: maybe(z.looseObject({ user: maybe(personSchema) })),
    manager: maybe(personSchema),
    /** Any of several shapes: read with `customFieldValue`. */
    custom_fields: z.unknown().optional(),
    milestones: maybe(milestonesSchema),
    schedule: maybe(scheduleSchema),
    time_logs: maybe(z.looseObject({ hours: number, results: items(timeLogSchema) })),
    eta: maybe(etaSchema),
    pay: maybe(z.looseObject({ type: text, base: maybe(amountSchema), additional: maybe(amountSchema) })),
    closing_notes: text,
    /** What the API user may do with the order now, e.g. `publish`, `delete`. */
    actions: texts,
  }),
);
export type WorkOrder = z.output<typeof workOrderSchema>;

const senderSchema = z.looseObject({ id: optionalId, name: text, role: text });

/** Contract 10. Plain text; `from.role` e.g. `provider`, `buyer`; `role` is the audience. */
const messageFields = {
  msg_id: optionalId,
  parent_id: optionalId,
  from: maybe(senderSchema),
  to: maybe(senderSchema),
  role: text,
  message: text,
  created: time,
};
export const messageSchema = z.looseObject({ ...messageFields, replies: items(z.looseObject(messageFields)) });
export type Message = z.output<typeof messageSchema>;

/** A plain list is a page too, and the only one. */
export const messagePageSchema = z
  .preprocess(
    (value) => (Array.isArray(value) ? { results: value as unknown[] } : value),
    z.looseObject({ metadata: maybe(z.looseObject({ pages: number })), results: allItems(messageSchema) }),
  )
  .transform(({ metadata, results }) => ({ messages: results, pages: metadata?.pages ?? 1 }));

const fileSchema = z.looseObject({ name: text, mime: text, size_bytes: number, link: text, type: text });

/** Contract 11. `file.link`: fetch at once, never store. `status` is lower-case `pending`, `approved`, `denied`. */
const workOrderAttachmentSchema = z.looseObject({
  id,
  folder_id: optionalId,
  author: maybe(senderSchema),
  file: maybe(fileSchema),
  created: time,
  notes: text,
  status: text,
});
export type WorkOrderAttachment = z.output<typeof workOrderAttachmentSchema>;

/** `type` is `document` for the client's documents, else `slot`. */
export const attachmentFolderSchema = z.looseObject({
  id,
  name: text,
  type: text,
  results: items(workOrderAttachmentSchema),
});
export type AttachmentFolder = z.output<typeof attachmentFolderSchema>;

export const typeOfWorkSchema = z.looseObject({ id, name: text, industry_id: optionalId, industry: text });
export type TypeOfWork = z.output<typeof typeOfWorkSchema>;

/** The id that a route call answers with (contract 7). */
export const routingSchema = z.looseObject({ id });
export type Routing = z.output<typeof routingSchema>;
