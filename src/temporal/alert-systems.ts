/** Alerts about the systems around Deskbridge: one that does not answer, webhooks that are refused. One per system and cause. */
import type { UpstreamTrouble, WebhookSource } from '../contract/alerts';
import type { FindAlertsInput } from '../contract/run-inputs';
import { SYSTEM_NAMES, SYSTEMS } from '../contract/failures';
import { momentText } from '../domain/moments';
import { found, type Found } from './alert-found';
import type { UpstreamBook } from './upstream-book';

export interface UpstreamFinding {
  alerts: Found[];
  troubles: Partial<Record<WebhookSource, UpstreamTrouble>>;
}

export function upstreamsAway(
  book: Pick<UpstreamBook, 'trouble'>,
  known: readonly string[],
  now: number,
): UpstreamFinding {
  const finding: UpstreamFinding = { alerts: [], troubles: {} };
  for (const system of SYSTEMS) {
    const key = `upstream ${system}`;
    const trouble = book.trouble(system);
    if (trouble) finding.troubles[system] = trouble;
    // Not called lately by this process: what was known stays.
    if (trouble === null || (trouble === undefined && !known.includes(key))) continue;
    const since = trouble?.since ?? new Date(now).toISOString();
    const status = trouble?.status ? ` (${trouble.status})` : '';
    const waiting = trouble ? `; ${trouble.waiting} ${trouble.waiting === 1 ? 'run waits' : 'runs wait'}` : '';
    finding.alerts.push(
      found({
        ...{ key, kind: 'upstream', since },
        title: `${SYSTEM_NAMES[system]} has not answered since ${momentText(since)}${status}${waiting}`,
        remedy: `Look at the status page of ${SYSTEM_NAMES[system]}. Deskbridge tries again by itself; nothing is lost.`,
      }),
    );
  }
  return finding;
}

const REMEDIES: Record<WebhookSource, string> = {
  freshdesk:
    'Put the value of FRESHDESK_WEBHOOK_SECRET into the header X-Webhook-Secret of each automation rule. Until then Deskbridge finds changes with a delay.',
  'field-nation':
    'Put the secret of the webhook in Field Nation into FIELD_NATION_WEBHOOK_SECRET and restart. Until then Deskbridge finds events with a delay.',
};

export function refusedWebhooks({ refused }: Pick<FindAlertsInput, 'refused'>, now: number): Found[] {
  return SYSTEMS.flatMap((source) => {
    const row = refused[source];
    if (!row || now - Date.parse(row.last) >= REFUSED_FOR_MS) return [];
    const { since, count } = row;
    const which = count === 1 ? '1 webhook' : `${count} webhooks`;
    const title = `Deskbridge has refused ${which} of ${SYSTEM_NAMES[source]} since ${momentText(since)}: wrong or missing secret`;
    return [found({ key: `refused ${source}`, kind: 'refused', since, title, remedy: REMEDIES[source] })];
  });
}

/** So long after the last refusal it counts as put right. */
const REFUSED_FOR_MS = 60 * 60_000;
