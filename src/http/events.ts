/** What operators ask about product events, and how what failed is sent again. Source: interface, section 4. */
import type { Router } from 'express';
import { z } from 'zod';
import { duration } from '../config/duration';
import { REPLAYED_OUTCOMES, type ContactReplayInput, type ReplayCounts } from '../contract/contact';
import type { ContactReplays } from '../temporal/contact-replays';
import type { EventDesk } from '../temporal/event-desk';
import { operatorOf, requireOperator } from './admin';
import { checked, pageSize } from './api';
import { operatorIs, type Audit } from './audit';
import { jsonObjectOf, rawBody } from './body';
import { exactRouter } from '../exact-router';
import { malformed } from './problem';
import { EVENT_OUTCOMES, type EventLog } from './event-log';
import { listEvents } from './event-list';

export interface EventsDeps {
  eventDesk: EventDesk;
  log: EventLog;
  account: string;
  adminToken: string | null;
  audit: Audit;
}

const EVENT_LIMIT = { bytes: 32_000, words: '32 kB' };

export const eventsQuery = z.object({
  outcome: z.enum(EVENT_OUTCOMES).optional(),
  reason: z.string().max(500).optional(),
  person: z.string().max(500).optional().describe('User id or e-mail'),
  limit: pageSize(1000).default(50),
});

export const replayBody = z.strictObject({
  outcome: z.enum(REPLAYED_OUTCOMES).optional().describe('Absent: both'),
  since: z
    .string()
    .max(40)
    .meta({
      anyOf: [{ pattern: '^\\d{1,3}(ms|s|m|h|d)$' }, { format: 'date-time' }],
    })
    .nullish()
    .describe('A length of time such as 2h, or a time in ISO 8601; absent: all that is kept'),
  dryRun: z.boolean().default(true).describe('Only the counts'),
});

export function eventRoutes({ eventDesk, log, account, adminToken, audit }: EventsDeps): Router {
  const router = exactRouter();
  const operator = requireOperator(adminToken);
  const json = rawBody(['application/json'], EVENT_LIMIT);

  router.get('/api/events', operator, async (request, response) => {
    const filter = checked(eventsQuery, request.query);
    const items = await listEvents({ account, log, index: eventDesk.index }, filter);
    response.set('Cache-Control', 'no-store').json({ items });
  });

  router.post('/api/events/test', operator, ...json, (request, response) => {
    const trial = eventDesk.tryEvent(jsonObjectOf(request));
    if (trial.outcome === 'invalid') throw malformed(trial.reason ?? '');
    response.json(trial);
  });

  router.post('/api/contacts/replay', operator, ...json, async (request, response) => {
    const { dryRun, ...asked } = checked(replayBody, jsonObjectOf(request));
    const answer = await replay(eventDesk.replays, asked, dryRun);
    if (answer.run !== null) audit.note({ act: 'replayed contacts', by: operatorIs(operatorOf(request)) });
    response.status(202).json(answer);
  });

  return router;
}

export type ReplayAnswer = ReplayCounts & { dryRun: boolean; run: string | null };

/** Counts of what is sent again, and the run that does it; null: nothing was begun. */
export async function replay(
  replays: ContactReplays,
  { outcome, since }: Pick<z.output<typeof replayBody>, 'outcome' | 'since'>,
  dryRun: boolean,
): Promise<ReplayAnswer> {
  const input: ContactReplayInput = {
    outcomes: outcome ? [outcome] : [...REPLAYED_OUTCOMES],
    since: since ? sinceOf(since) : null,
    until: new Date().toISOString(),
  };
  const counts = await replays.count(input);
  const run = dryRun || counts.events === 0 ? null : await replays.start(input);
  return { dryRun, ...counts, run };
}

/** ISO 8601. @throws Problem 400 */
export function sinceOf(text: string): string {
  const time = checked(z.union([duration, z.iso.datetime({ offset: true })]), text);
  return new Date(typeof time === 'number' ? Date.now() - time : time).toISOString();
}
