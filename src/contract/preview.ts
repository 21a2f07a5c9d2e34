/** What `mapping preview` shows: the work order that would be created, field by field. Source: interface, sections 2 and 4. */

/** One line of the mapping; `value` is null when the target is left out. */
export interface PreviewField {
  target: string;
  /** The paths that the line reads, joined by `, `. */
  source: string | null;
  /** The actions of the line, such as `from, map`. */
  action: string;
  value: unknown;
}

/** What stands in the way of the create, all of it at once. */
export interface PreviewProblem {
  target: string;
  source: string | null;
  message: string;
  value: string | null;
  remedy: string;
}

export interface MappingPreview {
  ticketId: number;
  correlationId: string;
  visit: number;
  /** Whether the ticket fulfils `dispatch.when` as it is now. */
  matchesRule: boolean;
  fields: PreviewField[];
  problems: PreviewProblem[];
  /** The body of the create; not fit to be sent while there are problems. */
  workOrder: Record<string, unknown>;
}

/** Why there is no preview. `type` is that of the failure, such as `NotFound`; null when nobody answered in time. */
export interface PreviewRefusal {
  type: string | null;
  detail: string;
  remedy: string;
}

export type PreviewResult = { preview: MappingPreview } | { refusal: PreviewRefusal };
