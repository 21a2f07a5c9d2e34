/**
 * Schema parts for upstream answers: a missing field or an odd type becomes null (or an empty list), never an error.
 * Only `id` and `requiredNumber` are demanding: a record without its number is of no use.
 */
import { z } from 'zod';
import { asBoolean, asId, asIsoTime, asItems, asNumber, asRecord, asText } from './coerce';

/** A positive whole number, also as text; anything else fails. */
export const id = z
  .unknown()
  .optional()
  .transform((value, context): number => {
    const number = asId(value);
    if (number !== null) return number;
    context.addIssue({ code: 'custom', message: 'no usable id' });
    return z.NEVER;
  });
/** A finite number, also as text; anything else fails. */
export const requiredNumber = z
  .unknown()
  .optional()
  .transform((value, context): number => {
    const number = asNumber(value);
    if (number !== null) return number;
    context.addIssue({ code: 'custom', message: 'no number' });
    return z.NEVER;
  });
export const optionalId = z.unknown().optional().transform(asId);
export const text = z.unknown().optional().transform(asText);
export const number = z.unknown().optional().transform(asNumber);
export const boolean = z.unknown().optional().transform(asBoolean);
export const isoTime = z.unknown().optional().transform(asIsoTime);
export const record = z
  .unknown()
  .optional()
  .transform((value): Record<string, unknown> => asRecord(value) ?? {});
export const texts = z
  .unknown()
  .optional()
  .transform((value) => (asItems(value) ?? []).map(asText).filter((item) => item !== null));

export const ids = z
  .unknown()
  .optional()
  .transform((value) => (asItems(value) ?? []).map(asId).filter((item) => item !== null));

/** The parsed value, or null when it is missing, empty or of another shape. */
export function maybe<T extends z.ZodType>(schema: T) {
  return z
    .unknown()
    .optional()
    .transform((value): z.output<T> | null => schema.safeParse(value).data ?? null);
}

/** The readable items of an array or a collection `{ results }`; unreadable ones are left out. */
export function items<T extends z.ZodType>(schema: T) {
  return z
    .unknown()
    .optional()
    .transform((value): z.output<T>[] =>
      (asItems(value) ?? []).flatMap((item) => {
        const parsed = schema.safeParse(item);
        return parsed.success ? [parsed.data] : [];
      }),
    );
}

/**
 * All items of an array or a collection `{ results }`. One unreadable item fails the whole: a look-up that left out a
 * record in silence would let it be created a second time.
 */
export function allItems<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => asItems(value), z.array(schema));
}
