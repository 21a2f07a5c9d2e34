/** A work order in the making, and what the mapping makes of it. */
import type { MappingAction } from './action';
import type { LabelledTicket } from './labels';
import type { EdgeName, MappedStart } from './schedule';
import type { Flowing } from './transforms';

/** One line of the preview; `value` is null when the target is left out. */
export interface MappedField {
  target: string;
  /** The paths that the line reads, joined by `, `. */
  source: string | null;
  /** The actions of the line, such as `from, map`. */
  action: string;
  value: unknown;
}

/** What stands in the way of the create. `message` and `value` may hold personal data. */
export interface MappingProblem {
  target: string;
  source: string | null;
  message: string;
  value: string | null;
  remedy: string;
  /** The start is over; no problem for an order that has this start already. */
  past?: true;
}

/** The body for the create; it is fit to be sent only when there are no problems. */
export interface MappedWorkOrder {
  payload: Record<string, unknown>;
  fields: MappedField[];
  problems: MappingProblem[];
  /** The start as it goes out, to be handed back as `previous` at the next mapping; null when there is none. */
  start: MappedStart | null;
}

/** The lines of a start or an end, as far as they have a value. */
export interface EdgeLines {
  lines: { target: string; action: MappingAction; source: string | null; mapped: Flowing }[];
}

/** The order in the making. */
export interface Draft extends MappedWorkOrder {
  present: Map<string, unknown>;
  customFields: Map<number, string>;
  country: string | null;
  edges: Partial<Record<EdgeName, EdgeLines>>;
  unknownLabels: LabelledTicket['unknown'];
}
