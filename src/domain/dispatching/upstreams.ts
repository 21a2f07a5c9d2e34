/**
 * Which hosts an account works with. Promise: two processes with different hosts never work on one account; a sandbox gives
 * way to a real host and never the other way, and only while no dispatch is open.
 */
import type { Upstreams } from '../../contract/dispatching';

/** The host of a system whose settings are unset. */
export const SANDBOX = 'sandbox';

const FIELD_NATION_SANDBOX = 'api-sandbox.fndev.net';
const FIELD_NATION_PRODUCTION = 'api.fieldnation.com';

type System = keyof Upstreams;
const SYSTEMS: readonly System[] = ['freshdesk', 'fieldNation'];

export interface UpstreamClash {
  system: System;
  recorded: string;
  given: string;
  /** It could give way, if no dispatch of the account were open. */
  whenNoneIsOpen: boolean;
}

const mayGiveWay = (system: System, recorded: string, given: string): boolean =>
  given !== SANDBOX &&
  (recorded === SANDBOX ||
    (system === 'fieldNation' && recorded === FIELD_NATION_SANDBOX && given === FIELD_NATION_PRODUCTION));

/** What stands recorded from now on, or what keeps the process from working on the account. */
export function settleUpstreams(
  recorded: Upstreams,
  given: Upstreams,
  isOpen: boolean,
): { upstreams: Upstreams } | { clashes: UpstreamClash[] } {
  const upstreams = { ...recorded };
  const clashes: UpstreamClash[] = [];
  for (const system of SYSTEMS) {
    const [before, now] = [recorded[system], given[system]];
    if (now === null || now === before) continue;
    const givesWay = before !== null && mayGiveWay(system, before, now);
    if (before === null || (givesWay && !isOpen)) upstreams[system] = now;
    else clashes.push({ system, recorded: before, given: now, whenNoneIsOpen: givesWay });
  }
  return clashes.length > 0 ? { clashes } : { upstreams };
}

/**
 * False: the account's Freshdesk is real, and no worker of it ever had Field Nation. Before any worker has recorded
 * anything, nobody knows, and nothing that comes may be turned away.
 */
export const canDispatch = ({ freshdesk, fieldNation }: Upstreams): boolean =>
  fieldNation !== null || freshdesk === null || freshdesk === SANDBOX;

/** `api.example.com` or `127.0.0.1:4601` of a base URL. */
export const hostOf = (baseUrl: string): string =>
  /^[a-z]+:\/\/([^/?#]+)/i.exec(baseUrl)?.[1]?.toLowerCase() ?? baseUrl;
