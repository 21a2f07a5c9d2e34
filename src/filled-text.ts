/**
 * Texts and lists of bounded length out of foreign data. Not zod's own `min` and `max`: they look at the `length` of whatever was
 * given, text or not, and throw on an object made for it.
 */
import { z } from 'zod';

/** At least one character. */
export const filledText = z.string().regex(/[\s\S]/, 'is empty');

/** At least one character besides blanks; trimmed. */
export const trimmedText = z
  .string()
  .trim()
  .regex(/[\s\S]/, 'is empty');

/** At least one item. */
export const filledList = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .refine((list) => list.length > 0, 'is empty')
    .meta({ minItems: 1 });

/** After trimming, one to `most` characters. */
export const shortText = (most: number) =>
  z
    .string()
    .trim()
    .regex(new RegExp(`^[\\s\\S]{1,${most}}$`), `needs 1 to ${most} characters`);
