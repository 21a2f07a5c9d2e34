/** The closed table of mapping actions, as the config file holds them after checking. Source: interface, section 7. */

/** What `map` compares with and what a mapping may yield: plain JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export const DATE_FORMATS = ['field-nation', 'iso', 'date'] as const;
/** `field-nation` is `YYYY-MM-DD HH:MM:SS` in UTC, `iso` ISO 8601 in UTC, `date` is `YYYY-MM-DD`. */
export type DateFormat = (typeof DATE_FORMATS)[number];

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

/** One source, then transforms in the order `text`, `map`, `range`, `date`, `phone`, `truncate`, and `default` last. */
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
  date?: DateFormat | undefined;
  /** Region (ISO alpha-2) of numbers that are written without a country code. */
  phone?: string | undefined;
  /** Most characters to keep. */
  truncate?: number | undefined;
  /** Used when there is no value, and when a transform cannot take the value. */
  default?: Json | undefined;
}

export const SOURCE_KEYS = ['from', 'static', 'template', 'concat', 'first', 'when'] as const;
export const TRANSFORM_KEYS = ['text', 'map', 'range', 'date', 'phone', 'truncate'] as const;
