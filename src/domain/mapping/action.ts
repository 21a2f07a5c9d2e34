/** The closed table of mapping actions, as the config file holds them after checking. Source: interface, section 7. */

/** What `map` compares with and what a mapping may yield: plain JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export const DATE_FORMATS = ['field-nation', 'iso', 'date'] as const;
/** `field-nation` is `YYYY-MM-DD HH:MM:SS`, `iso` ISO 8601, `date` is `YYYY-MM-DD`: in UTC where the value names a zone. */
export type DateFormat = (typeof DATE_FORMATS)[number];

/** Date Convert in full: how the value is written, in which zone, and how it goes out. */
export interface DateConversion {
  /** Luxon format of the value, such as `MM/dd/yyyy h:mm a`, or `epoch`; as people write it when left out. */
  from?: string | undefined;
  /** IANA zone of values that name none. */
  zone?: string | undefined;
  /** One of the formats above, a Luxon format, or `epoch`. */
  to?: string | undefined;
  /** IANA zone to write it in; UTC when left out. */
  toZone?: string | undefined;
  addDays?: number | undefined;
}

/** One step of `range`: `min` is inside, `below` is outside; either may be open. The first step that fits wins. */
export interface RangeStep {
  min?: number | undefined;
  below?: number | undefined;
  value: Json;
}

/** `then` when the value at `if` is one of `is`, or, without `is`, when there is a value and it is not false. */
export interface Condition {
  if: string;
  is?: Json | undefined;
  then: MappingAction;
  else?: MappingAction | undefined;
}

/** One source, then transforms in the order `text`, `map`, `range`, `date`, `phone`, `zip`, `state`, `truncate`, and `default` last. */
export interface MappingAction {
  from?: string | undefined;
  static?: Json | undefined;
  template?: string | undefined;
  concat?: MappingAction[] | undefined;
  /** Stands between the parts of `concat`; a blank when absent. */
  separator?: string | undefined;
  first?: MappingAction[] | undefined;
  when?: Condition | undefined;
  text?: boolean | undefined;
  map?: Record<string, Json> | undefined;
  range?: RangeStep[] | undefined;
  date?: DateFormat | DateConversion | undefined;
  /** Region (ISO alpha-2) of numbers that are written without a country code. */
  phone?: string | undefined;
  /** Postal code by the rules of the country mapped to `location.country`. */
  zip?: boolean | undefined;
  /** Name or code of a state → its code in that country. */
  state?: boolean | undefined;
  /** Most characters to keep. */
  truncate?: number | undefined;
  /** Used when there is no value, and when a transform cannot take the value. */
  default?: Json | undefined;
}

export const SOURCE_KEYS = ['from', 'static', 'template', 'concat', 'first', 'when'] as const;
export const TRANSFORM_KEYS = ['text', 'map', 'range', 'date', 'phone', 'zip', 'state', 'truncate'] as const;
