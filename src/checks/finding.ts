/** One line of the doctor: what was looked at, how it stands, and what to do. */
import { UpstreamError } from '../clients/upstream-error';
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

/** The finding of a call that failed; `sandbox`: the built-in one was called, which runs with the service. */
export function failedCall(
  area: Area,
  error: unknown,
  { baseUrl, sandbox = false }: { baseUrl: string; sandbox?: boolean },
): Finding {
  if (sandbox && error instanceof UpstreamError && error.status === null)
    return failed(area, 'sandbox', `does not answer at ${baseUrl}`, 'Start the service, which runs it: npm start.');
  const { subject, cause, remedy } = faultOf(error, baseUrl);
  return failed(area, subject, cause, remedy);
}
