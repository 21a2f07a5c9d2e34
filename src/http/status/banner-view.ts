/** What concerns all dispatches, above everything else. Promise: empty only when nothing that is known is wrong. */
import type { AlertKind, QuotaLeft, WebhookSource } from '../../contract/alerts';
import type { Pause, Upstreams } from '../../contract/dispatching';
import { SYSTEM_NAMES } from '../../contract/failures';
import { canDispatch } from '../../domain/dispatching/upstreams';
import { html, type Markup } from '../../page/markup';
import type { Troubles } from '../../temporal/overview';
import { ago, moment, plural } from './words';

export interface BannerContent {
  troubles: Troubles;
  dispatching: { pause: Pause; upstreams: Upstreams };
  /** The newest answer of Freshdesk, from whichever process; null: none is known. */
  quota: QuotaLeft | null;
}

/** A quota is counted by the minute. */
const QUOTA_COUNTS_FOR_MS = 60_000;
/** Longer than any sweep should take. */
const SWEEP_LATE_MS = 30 * 60_000;

const panel = (tone: 'bad' | 'warn', title: string, text: Markup, button: Markup | null = null): Markup =>
  html`<section class="panel ${tone}">
    <h2>${title}</h2>
    <p>${text}</p>
    ${button ? html`<div class="row gap">${button}</div>` : ''}
  </section>`;

/** Nothing when all is well. */
export function bannerView({ troubles, dispatching, quota }: BannerContent, now = Date.now()): Markup[] {
  return [
    ...withoutFieldNation(dispatching.upstreams),
    ...pausePanel(dispatching.pause),
    ...upstreamPanels(troubles),
    ...refusedPanels(troubles),
    ...quotaPanel(quota, now),
    ...sweepPanel(troubles, now),
    ...alertPanels(troubles),
  ];
}

function withoutFieldNation(upstreams: Upstreams): Markup[] {
  if (canDispatch(upstreams)) return [];
  const text = html`Contacts work. To dispatch tickets, give Deskbridge the credentials of Field Nation (<span
      class="mono"
      >FIELD_NATION_CLIENT_ID</span
    >
    and the others) and start it again.`;
  return [panel('warn', 'No ticket is dispatched: Field Nation is not set up', text)];
}

function pausePanel({ paused, reason, by, since }: Pause): Markup[] {
  if (!paused) return [];
  const resume = html`<form class="inline" method="post" action="/resume">
    <button class="main" id="resume">Resume dispatching</button>
  </form>`;
  const text = html`${by ?? 'A person'} paused it${since ? html` (${moment(since)})` : ''}: ${reason}. No work order is
  created or published meanwhile.`;
  return [panel('warn', 'Dispatching is paused', text, resume)];
}

function upstreamPanels({ upstream }: Troubles): Markup[] {
  return entries(upstream).map(([system, { since, status, waiting, nextTry }]) => {
    const text = html`${plural(waiting, 'dispatch or contact waits', 'dispatches and contacts wait')} for it, since
    ${moment(since)}.
    ${nextTry ? html`Deskbridge tries again at ${moment(nextTry)}.` : 'Deskbridge tries again by itself.'}`;
    return panel('bad', `${SYSTEM_NAMES[system]} does not answer${status === null ? '' : ` (${status})`}`, text);
  });
}

function refusedPanels({ refused }: Troubles): Markup[] {
  return entries(refused).map(([source, { count, since, last }]) => {
    const text = html`The secret was wrong or missing, since ${moment(since)}, last ${ago(last)}. Set the same secret in
      ${SYSTEM_NAMES[source]} and in Deskbridge; <span class="mono">deskbridge doctor</span> compares them.`;
    return panel('bad', `${plural(count, 'webhook')} of ${SYSTEM_NAMES[source]} refused`, text);
  });
}

function quotaPanel(quota: QuotaLeft | null, now: number): Markup[] {
  if (quota === null || quota.remaining > 0 || now - Date.parse(quota.at) > QUOTA_COUNTS_FOR_MS) return [];
  const text = html`The account has no calls left for now, as of ${ago(quota.at)}. Calls wait and go on by themselves.`;
  return [panel('warn', 'Freshdesk’s quota is used up', text)];
}

function sweepPanel({ sweeps: { failed, runningSince } }: Troubles, now: number): Markup[] {
  const late = runningSince !== null && now - Date.parse(runningSince) > SWEEP_LATE_MS;
  if (failed === 0 && !late) return [];
  const text = html`${failed === 0 ? '' : `${failed} of the last three failed.`}
    ${late ? html`One has been running since ${moment(runningSince)}.` : ''} Changes that no webhook reported may be
    missed. See the runs of <span class="mono">reconcile</span> in Temporal.`;
  return [panel('bad', 'The check for missed changes does not work', text)];
}

const DOCTOR = html`<span class="mono">deskbridge doctor</span>`;

/** What stands in the banner by other means, or in a tile, is not said twice. */
const TOLD: Partial<Record<AlertKind, (count: number) => [title: string, text: Markup | string]>> = {
  stuck: (count) => [
    `${plural(count, 'run')} cannot go on`,
    html`Temporal cannot carry them on by itself. Run ${DOCTOR} to see why.`,
  ],
  'webhook-silence': (count) => [
    `${plural(count, 'sender')} of webhooks silent`,
    html`No webhook has come for a long time. Run ${DOCTOR} to check the set-up.`,
  ],
  late: (count) => [
    `${plural(count, 'visit')} late`,
    'Nobody is assigned shortly before the start, or nobody has checked in by the end of the arrival window. The tickets have a note.',
  ],
  quota: () => ['The quota of calls is nearly used', 'Dispatches may be slow. See “Quota left”.'],
};

function alertPanels({ alerts }: Troubles): Markup[] {
  return (Object.entries(alerts ?? {}) as [AlertKind, number][]).flatMap(([kind, count]) => {
    const told = count > 0 ? TOLD[kind]?.(count) : undefined;
    return told ? [panel('warn', told[0], html`${told[1]}`)] : [];
  });
}

const entries = <T>(found: Partial<Record<WebhookSource, T>>): [WebhookSource, T][] =>
  Object.entries(found) as [WebhookSource, T][];
