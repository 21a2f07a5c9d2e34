/** One line of the doctor: what was looked at, how it stands, and what to do. */
import { faultOf } from './upstream-fault';

/** Red: the service cannot do its work. Yellow: it can, but something is missing or could not be seen. */
export type Level = 'green' | 'yellow' | 'red';
export type Area = 'Settings' | 'Config' | 'Temporal' | 'Freshdesk' | 'Field Nation' | 'Probe';

export interface Finding {
  area: Area;
  level: Level;
  /** The setting, field or thing, such as `FRESHDESK_API_KEY` or `dispatch.linkField`. */
  what: string;
  detail: string;
  /** Null when nothing is to be done. */
  remedy: string | null;
}

export const fine = (area: Area, what: string, detail: string): Finding => ({
  ...{ area, level: 'green', what, detail },
  remedy: null,
});

export const warning = (area: Area, what: string, detail: string, remedy: string): Finding => ({
  ...{ area, level: 'yellow', what, detail, remedy },
});

export const failed = (area: Area, what: string, detail: string, remedy: string): Finding => ({
  ...{ area, level: 'red', what, detail, remedy },
});

/** The finding of a call that failed. */
export function failedCall(area: Area, error: unknown, baseUrl: string): Finding {
  const { subject, cause, remedy } = faultOf(error, baseUrl);
  return failed(area, subject, cause, remedy);
}
