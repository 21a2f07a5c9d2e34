import { z } from 'zod';
import { filledList } from '../filled-text';
import { DATE_FORMATS } from '../domain/mapping/action';
import type { Json, MappingAction } from '../domain/mapping/action';
import { isZone } from '../domain/mapping/dates';

const json: z.ZodType<Json> = z.json();
const path = z.string();

const zone = z.string().refine(isZone, 'is not a time zone');
const dateSchema = z.strictObject({
  from: z.string().min(1).optional().describe('How the value is written: a format such as MM/dd/yyyy h:mm a, or epoch'),
  zone: zone.optional().describe('Zone of values that name none, such as America/Chicago'),
  to: z.string().min(1).optional().describe('field-nation, iso, date, epoch, or a format such as dd.MM.yyyy HH:mm'),
  toZone: zone.optional().describe('Zone to write it in, such as America/Chicago; UTC when left out'),
  addDays: z.int().min(-3660).max(3660).optional().describe('Days to add; below zero to go back'),
});

/** One mapping action of the config file (interface, section 7). */
export const actionSchema: z.ZodType<MappingAction> = z
  .lazy(() =>
    z.strictObject({
      from: path.optional().describe('Sync: a path such as ticket.subject'),
      static: json.optional().describe('Set Static: any text, number, list or object'),
      template: z.string().optional().describe('Text with {{path}}, and {{#path}}…{{/path}} for optional parts'),
      concat: filledList(operandSchema).optional().describe('Concat: a list of paths or actions, joined'),
      separator: z.string().optional().describe('What stands between the parts of concat; a blank when left out'),
      first: filledList(operandSchema).optional().describe('A list of paths or actions; the first with a value'),
      when: conditionSchema.optional().describe('A choice: { if: path, is: value or list, then: …, else: … }'),
      text: z.boolean().optional().describe('true turns HTML into plain text'),
      map: z.record(z.string(), json).optional().describe('Array Map: { value as it comes: value as it goes }'),
      range: filledList(rangeSchema)
        .optional()
        .describe('Range Map: a list of { min: number, below: number, value: … }; min is inside, below is outside'),
      date: z
        .union([z.enum(DATE_FORMATS), dateSchema])
        .optional()
        .describe('Date Convert: field-nation, iso or date, or { from, zone, to, toZone, addDays }'),
      phone: z.string().optional().describe('A region such as US: numbers become E.164, +13125550142'),
      zip: z.boolean().optional().describe('true: the postal code as the country of location.country writes it'),
      state: z.boolean().optional().describe('true: the code of a state of the country of location.country'),
      truncate: z.int().min(1).max(100_000).optional().describe('Most characters to keep, a whole number'),
      default: json.optional().describe('Used when there is no value, or none that the action can take'),
    }),
  )
  .describe('An action: one source (from, static, template, concat, first, when), then transforms');

const rangeSchema = z.strictObject({
  min: z.number().optional().describe('Lowest number of this step; itself inside'),
  below: z.number().optional().describe('First number above this step; itself outside'),
  value: json.describe('What the step yields'),
});

const fromBarePath = (value: unknown): unknown => (typeof value === 'string' ? { from: value } : value);

/** Wherever one action stands inside another, a bare text is a path. */
export const operandSchema = z
  .preprocess(fromBarePath, actionSchema)
  .describe('A path such as ticket.subject, or an action such as { static: text }');

const conditionSchema = z.strictObject({
  if: path.describe('The path to look at'),
  is: json.optional().describe('The value, or a list of values, to compare with; left out: any value'),
  then: operandSchema,
  else: operandSchema.optional(),
});
