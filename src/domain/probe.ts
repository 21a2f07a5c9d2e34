/**
 * What marks the draft of `doctor --probe`. Promise: its id has the form of a correlation id, so that everything which
 * finds ids is put to the test, but belongs to no account: no dispatch, webhook or sweep ever takes it for one of its own.
 */
import { correlationId, parseCorrelationId } from './correlation';

/** No Freshdesk account can have it: the subdomain of an account has no two dashes in a row. */
const suffix = '--probe';

export const PROBE_TITLE = 'Deskbridge probe: a draft that is deleted at once';
export const PROBE_REASON = 'Deskbridge probe is over';

/** @param number tells one probe from another; digits as in a ticket's number. */
export const probeId = (account: string, number: number): string => correlationId(`${account}${suffix}`, number, 1);

/** Whether an order with this id is a probe's draft of this account. */
export const isProbeOf = (account: string, id: string | null): boolean =>
  id !== null && parseCorrelationId(id)?.account === `${account}${suffix}`;
