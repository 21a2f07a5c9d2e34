/** The pages about product events. */
import type { Request, RequestHandler, Response, Router } from 'express';
import { REPLAYED_OUTCOMES } from '../../contract/contact';
import { operatorOf } from '../admin';
import { operatorIs, type Audit } from '../audit';
import { textOf } from '../body';
import { EVENT_OUTCOMES, type EventLog } from '../event-log';
import { listEvents } from '../event-list';
import { replay } from '../events';
import type { EventDesk } from '../../temporal/event-desk';
import { exactRouter } from '../../exact-router';
import { malformed } from '../problem';
import { eventsView, foundEventsView, replayView, trialView } from './events-view';
import type { StatusPage } from './frame';

export interface EventPagesDeps {
  eventDesk: EventDesk;
  eventLog: EventLog;
  account: string;
  audit: Audit;
}

export interface PageTools {
  /** What every page, and every form of a page, passes first. */
  page: RequestHandler[];
  post: RequestHandler[];
  show: (request: Request, response: Response, content: StatusPage, status?: number) => void;
}

const SHOWN = 50;
const REFRESH_S = 4;

export function eventPages(
  { eventDesk, eventLog, account, audit }: EventPagesDeps,
  { page, post, show }: PageTools,
): Router {
  const router = exactRouter();
  const list = { account, log: eventLog, index: eventDesk.index };

  router.get('/events', page, async (request: Request, response: Response) => {
    const wanted = typeof request.query.show === 'string' ? request.query.show : '';
    const outcome = EVENT_OUTCOMES.find((one) => one === wanted);
    const reason = outcome || wanted === '' ? undefined : wanted;
    const items = await listEvents(list, { outcome, reason, limit: SHOWN });
    const around = { hours: eventLog.byHour(), since: eventLog.since };
    const body = eventsView({ items, ...around, outcome: outcome ?? '', reason: reason ?? '' });
    show(request, response, { name: 'events', title: 'Events', refresh: REFRESH_S, body });
  });

  // A form's body, since an address would put the person's e-mail into logs and histories.
  router.post('/events/find', post, async (request: Request, response: Response) => {
    const who = fieldOf(request, 'who').slice(0, 500);
    if (who === '') throw malformed('Give a user id or an e-mail.');
    const body = foundEventsView(who, await listEvents(list, { person: who, limit: SHOWN }));
    show(request, response, { name: 'events', title: 'Look-up', body });
  });

  router.get('/events/test', page, (request: Request, response: Response) => {
    show(request, response, { name: 'events', title: 'Test an event', body: trialView(EXAMPLE, null) });
  });

  router.post('/events/test', post, (request: Request, response: Response) => {
    const typed = fieldOf(request, 'event');
    const body = trialView(typed, trialOf(eventDesk, typed));
    show(request, response, { name: 'events', title: 'Test an event', body });
  });

  router.post('/events/replay', post, async (request: Request, response: Response) => {
    const outcome = REPLAYED_OUTCOMES.find((one) => one === fieldOf(request, 'outcome')) ?? 'rejected';
    const since = fieldOf(request, 'since').slice(0, 40);
    const isMeant = fieldOf(request, 'yes') === 'yes';
    const answer = await replay(eventDesk.replays, { outcome, since }, !isMeant);
    if (answer.run !== null) audit.note({ act: 'replayed contacts', by: operatorIs(operatorOf(request)) });
    const body = replayView({ outcome, since }, answer, answer.run);
    show(request, response, { name: 'events', title: 'Send again', body });
  });

  return router;
}

const fieldOf = (request: Request, name: string): string =>
  (new URLSearchParams(textOf(request)).get(name) ?? '').trim();

function trialOf({ tryEvent }: EventDesk, typed: string): ReturnType<EventDesk['tryEvent']> | { problem: string } {
  try {
    return tryEvent(JSON.parse(typed));
  } catch {
    return { problem: 'This is not JSON. Paste one event as your library sends it.' };
  }
}

const EXAMPLE = JSON.stringify(
  {
    type: 'track',
    event: 'Signed Up',
    userId: 'usr_123',
    traits: { name: 'John Doe', email: 'john.doe@example.com' },
    properties: { method: 'email' },
    context: { consent: { marketing: true } },
  },
  null,
  2,
);
