/**
 * The pages for operators. Promise: they show what Temporal knows and say what an operator may say through the same
 * signals as API and command line; they hold nothing themselves. Source: interface, section 4, `GET /`.
 */
import { type Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import { exactRouter } from '../../exact-router';
import { DISPATCH_STATES, type DispatchState, type DispatchView } from '../../contract/dispatch';
import { UI_PATH } from '../../contract/names';
import { parseCorrelationId } from '../../domain/correlation';
import { pageFiles } from '../../page/frame';
import { pageHeaders } from '../../page/headers';
import { html } from '../../page/markup';
import { CONTACT_FILTERS, isContactHash, type ContactFilter, type ContactRuns } from '../../temporal/contact-runs';
import type { Dispatches, DispatchLook, DispatchRow, DispatchRows } from '../../temporal/dispatches';
import type { Dispatching, DispatchingState } from '../../temporal/dispatching';
import type { Operations } from '../../temporal/operations';
import type { Overview } from '../../temporal/overview';
import { PreviewLateError, type Previews } from '../../temporal/previews';
import type { RunCall } from '../../temporal/run-calls';
import type { Sites } from '../../temporal/sites';
import type { Starter } from '../../temporal/starter';
import { rawBody, textOf, ticketIdOf } from '../body';
import type { Problem } from '../problem';
import { sendPage } from '../send-page';
import { malformed, notFound } from '../problem';
import { problemOf } from '../problem-of';
import { createPasses } from '../passes';
import { byOf, operatorOf } from '../admin';
import { operatorIs, type Act, type Audit } from '../audit';
import type { OnceRecords } from '../../temporal/once-records';
import { auditView } from './audit-view';
import { ownPath, signInRoutes } from './sign-in-routes';
import { contactsView, contactView, foundView } from './contacts-view';
import { callsView } from './calls-view';
import { cancelView, DONE, dispatchView, type Done } from './dispatch-view';
import { eventPages, type EventPagesDeps } from './events-routes';
import { parentView } from './sites-view';
import { signInPage, statusPage, type PageLinks, type StatusPage, type Surroundings } from './frame';
import { requireOwnForm, requirePageOperator, SignInNeeded } from './guard';
import type { Heard } from './heard';
import { operateRoutes } from './operate-routes';
import { SAID, type Said } from './operate-view';
import { overviewView } from './overview-view';
import { previewView, type PreviewShown } from './preview-view';
import type { Quota } from './quota';
import { remembered } from './remembered';
import { createSessions } from './session';
import { setupRoutes } from '../setup/routes';
import type { SetupDeps } from '../setup/tools';
import { staysIn } from './stay-in';

/** What only the pages need. */
export interface PageParts {
  overview: Overview;
  contactRuns: ContactRuns;
  operations: Operations;
  sites: Pick<Sites, 'look'>;
  /** Of the ticket's dispatch; empty when there is none. */
  calls: (ticketId: number) => Promise<RunCall[]>;
  quota: Quota;
  /** Of the newest run of a contact, by its hash. @throws TemporalUnavailableError */
  contactCalls: (hash: string) => Promise<RunCall[]>;
  /** Asked anew each time: a sandbox may begin later. */
  links: () => PageLinks;
  /** The embedded engine's UI; null: Temporal is another's. */
  temporalUi?: RequestHandler | null;
}

export interface StatusDeps extends EventPagesDeps {
  starter: Pick<Starter, 'retry' | 'cancel' | 'approve' | 'dispatchVisit'>;
  dispatches: Pick<Dispatches, 'rows' | 'look'>;
  dispatching: Pick<Dispatching, 'state' | 'pause' | 'resume'>;
  previews: Pick<Previews, 'ofTicket'>;
  pages: PageParts;
  heard: Heard;
  account: string;
  adminToken: string | null;
  /** Under which others reach this server; null: as each request names it. */
  publicUrl: string | null;
  records: OnceRecords;
  audit: Audit;
  /** Null or absent: the process has no set-up pages. */
  setup?: SetupDeps | null;
}

const FORM_LIMIT = { bytes: 10_000, words: '10 kB' };
const PER_PAGE = 25;
const AUDIT_SHOWN = 200;
/** Words stand in no index: only so many of the newest are looked through. */
const WORDS_AMONG = 200;

/** Seconds; a page with one dispatch is watched by somebody who waits for it. */
const REFRESH = { list: 4, one: 2 };
/** Ms: more readers cost nothing more, and what moves slowly is counted seldom. */
const TILES_FOR = 2_000;
const TRENDS_FOR = 30_000;
const MONTH_FOR = 120_000;

export function statusRoutes(deps: StatusDeps): Router {
  const { starter, dispatches, previews, pages, heard, account, adminToken, publicUrl, records, audit } = deps;
  const router = exactRouter();
  const setup = deps.setup ?? null;
  const signInToken = adminToken ?? setup?.token ?? null;
  const passes = signInToken === null ? null : createPasses(signInToken, account);
  const httpsOnly = publicUrl?.startsWith('https:') ?? false;
  const signing = passes && { passes, sessions: createSessions({ passes, records, httpsOnly }) };
  const sessions = signing?.sessions ?? null;
  const operator = requirePageOperator(adminToken, adminToken === null ? null : sessions);
  const signedIn = requirePageOperator(signInToken, sessions);
  const ownForm = requireOwnForm(publicUrl);
  const page: RequestHandler[] = [pageHeaders, operator];
  const form = rawBody(['application/x-www-form-urlencoded'], FORM_LIMIT);
  const post: RequestHandler[] = [pageHeaders, operator, ownForm, ...form];
  const tiles = remembered(TILES_FOR, () => pages.overview.tiles());
  const dispatching = remembered(TILES_FOR, () => deps.dispatching.state());
  const trends = remembered(TRENDS_FOR, () => pages.overview.trends());
  const visits = remembered(TRENDS_FOR, () => pages.overview.visits());
  const month = remembered(MONTH_FOR, () => pages.overview.month());

  const show = (request: Request, response: Response, content: StatusPage, status = 200): void => {
    const around = { account, links: pages.links(), hasSetup: setup !== null };
    const text = statusPage({ ...around, signedIn: operatorOf(request).via === 'session' }, content);
    sendPage(request, response.status(status), text);
  };

  const done = (request: Request, act: Act, what: string): void =>
    audit.note({ act, by: operatorIs(operatorOf(request)), what });

  router.use(pageFiles());
  if (pages.temporalUi) router.use(UI_PATH, pageHeaders, operator, unlessRead(ownForm), pages.temporalUi);

  router.get('/', page, async (request: Request, response: Response) => {
    const { text, state: wanted, number } = searchOf(request);
    const cursor = textIn(request.query.cursor);
    const state = DISPATCH_STATES.find((one) => one === wanted);
    const isWords = text !== '' && number === null;
    const filter = { limit: PER_PAGE, ...whichState(state), ...(number === null ? {} : { number }) };
    const said = (Object.keys(SAID) as Said[]).find((one) => one === request.query.done) ?? null;
    const [tilesNow, trendsNow, visitsNow, monthNow, dispatchingNow, found] = await Promise.all([
      tiles(),
      trends(),
      visits(),
      month(),
      // Whoever has just paused or resumed sees it at once.
      said === null ? dispatching() : deps.dispatching.state(),
      isWords
        ? rowsWith(dispatches, text, { ...whichState(state), limit: WORDS_AMONG })
        : dispatches.rows({ ...filter, ...(cursor ? { cursor } : {}) }),
    ]);
    const content = {
      tiles: tilesNow,
      trends: trendsNow,
      visits: visitsNow,
      month: monthNow,
      dispatching: dispatchingNow,
      said,
      found,
      search: { text, state: wanted, among: isWords ? WORDS_AMONG : null },
      later: cursor !== '',
      heard,
      quota: pages.quota,
      // Only beside both sandboxes there is no admin token.
      invites: setup !== null && adminToken === null,
    };
    show(request, response, {
      ...{ name: 'dispatches', title: 'Dispatches', refresh: REFRESH.list },
      body: overviewView(content),
    });
  });

  const lookAt = async (request: Request): Promise<DispatchLook> => {
    const id = ticketOf(request);
    const look = await dispatches.look(id);
    if (!look) throw noDispatch(id);
    return look;
  };
  const viewOf = async (request: Request): Promise<DispatchView> => (await lookAt(request)).view;

  router.get('/dispatches/:ticket', page, async (request: Request, response: Response) => {
    const id = ticketOf(request);
    const [found, sites] = await Promise.all([dispatches.look(id), pages.sites.look(id)]);
    if (!found && sites) {
      show(request, response, {
        ...{ name: 'none', title: `Ticket ${id}`, refresh: REFRESH.one },
        body: parentView(id, sites),
      });
      return;
    }
    if (!found) throw noDispatch(id);
    const asked = (Object.keys(DONE) as Done[]).find((one) => one === request.query.done) ?? null;
    const body = dispatchView({ ...found, sites }, asked);
    show(request, response, { name: 'none', title: `Ticket ${id}`, refresh: REFRESH.one, body });
  });

  router.get('/dispatches/:ticket/calls', page, async (request: Request, response: Response) => {
    const id = ticketOf(request);
    const body = callsView(id, await pages.calls(id));
    show(request, response, { name: 'none', title: `Calls for ticket ${id}`, body });
  });

  router.get('/dispatches/:ticket/cancel', page, async (request: Request, response: Response) => {
    const view = await viewOf(request);
    show(request, response, { name: 'none', title: `Cancel ticket ${view.ticketId}`, body: cancelView(view, null) });
  });

  router.post('/dispatches/:ticket/retry', post, async (request: Request, response: Response) => {
    const id = ticketOf(request);
    await starter.retry(id, byOf(request));
    done(request, 'retried', `ticket ${id}`);
    response.redirect(303, `/dispatches/${id}?done=retry`);
  });

  router.post('/dispatches/:ticket/cancel', post, async (request: Request, response: Response) => {
    const id = ticketOf(request);
    const fields = fieldsOf(request);
    const reason = (fields.get('reason') ?? '').trim();
    if (reason === '' || reason.length > 500) {
      const view = await viewOf(request);
      const problem = 'Say why, in at most 500 characters: Field Nation wants a reason.';
      show(request, response, { name: 'none', title: `Cancel ticket ${id}`, body: cancelView(view, problem) }, 400);
      return;
    }
    await starter.cancel(id, reason, byOf(request));
    done(request, 'cancelled', `ticket ${id}`);
    response.redirect(303, `/dispatches/${id}?done=${fields.has('word') ? 'word' : 'cancel'}`);
  });

  router.get('/contacts', page, async (request: Request, response: Response) => {
    const cursor = textIn(request.query.cursor);
    const state: ContactFilter | undefined = CONTACT_FILTERS.find((one) => one === request.query.state);
    const filter = { limit: PER_PAGE, ...(state ? { state } : {}), ...(cursor ? { cursor } : {}) };
    const list = await pages.contactRuns.list(filter);
    const body = contactsView({ ...list, state: state ?? '', later: cursor !== '' });
    show(request, response, { name: 'contacts', title: 'Contacts', refresh: REFRESH.list, body });
  });

  // A form's body, since an address would put the person's e-mail into logs and histories.
  router.post('/contacts/find', post, async (request: Request, response: Response) => {
    const who = (fieldsOf(request).get('who') ?? '').trim().slice(0, 500);
    if (who === '') throw malformed('Give a user id or an e-mail.');
    const body = foundView(who, await pages.contactRuns.find(who));
    show(request, response, { name: 'contacts', title: 'Look-up', body });
  });

  router.get('/contacts/:hash', page, async (request: Request, response: Response) => {
    const hash = hashOf(request);
    const view = await pages.contactRuns.view(hash);
    if (!view) throw notFound('There is no such contact run, or it is no longer kept.');
    const calls = await pages.contactCalls(hash);
    const body = contactView(hash, view, calls, request.query.done === 'retry');
    show(request, response, { name: 'contacts', title: 'Contact', refresh: REFRESH.one, body });
  });

  router.post('/contacts/:hash/retry', post, async (request: Request, response: Response) => {
    const hash = hashOf(request);
    if (!(await pages.contactRuns.retry(hash))) throw notFound('This contact waits for nothing any more.');
    done(request, 'retried', `contact ${hash}`);
    response.redirect(303, `/contacts/${hash}?done=retry`);
  });

  router.use(eventPages(deps, { page, post, show }));
  router.use(operateRoutes({ ...deps, operations: pages.operations }, { page, post, show }));

  router.get('/preview', page, (request: Request, response: Response) => {
    show(request, response, { name: 'preview', title: 'Mapping preview', body: previewView('', null) });
  });

  router.post('/preview', post, async (request: Request, response: Response) => {
    const typed = (fieldsOf(request).get('ticket') ?? '').trim().slice(0, 40);
    const shown = await previewOf(previews, typed);
    show(request, response, { name: 'preview', title: 'Mapping preview', body: previewView(typed, shown) });
  });

  router.get('/audit', page, (request: Request, response: Response) => {
    const body = auditView(audit.newest(AUDIT_SHOWN));
    show(request, response, { name: 'audit', title: 'Audit', refresh: REFRESH.list, body });
  });

  if (setup) {
    const state = (): Promise<DispatchingState> => deps.dispatching.state();
    router.use(
      setupRoutes(
        { ...setup, account, audit, heard, dispatching: state },
        {
          page: [pageHeaders, signedIn],
          post: [pageHeaders, signedIn, ownForm, ...form],
          ...{ show, stayIn: staysIn(records) },
        },
      ),
    );
  }
  // Without an admin token the set-up pages alone ask for a sign-in.
  const home = adminToken === null && setup ? '/setup' : '/';
  router.use(
    signInRoutes({
      adminToken: signInToken,
      signing,
      records,
      audit,
      form: [ownForm, ...form],
      operator: signedIn,
      home,
    }),
  );
  const asks = (path: string): boolean => signing !== null && (adminToken !== null || path.startsWith('/setup'));
  router.use(refusal({ account, links: pages.links, hasSetup: setup !== null }, asks));
  return router;
}

const noDispatch = (ticketId: number): Problem => notFound(`There is no dispatch for ticket ${ticketId}.`);

const unlessRead =
  (guard: RequestHandler): RequestHandler =>
  (request, response, next) =>
    request.method === 'GET' ? next() : guard(request, response, next);

const whichState = (state: DispatchState | undefined) =>
  state === undefined ? {} : state === 'attention' ? { attention: true } : { state };

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** `number`: of a ticket or work order, or out of our own id of a visit; null: words, or nothing. */
function searchOf(request: Request): { text: string; state: string; number: number | null } {
  const text = textIn(request.query.q).trim().slice(0, 100);
  const state = DISPATCH_STATES.find((one) => one === request.query.state) ?? '';
  return { text, state, number: ticketIdOf(text.replace(/^#/, '')) ?? parseCorrelationId(text)?.ticketId ?? null };
}

/** Those of which some fact holds each of the words. */
async function rowsWith(
  dispatches: StatusDeps['dispatches'],
  text: string,
  filter: Parameters<Dispatches['rows']>[0],
): Promise<DispatchRows> {
  const words = text.toLowerCase().split(/\s+/);
  const { rows } = await dispatches.rows(filter);
  const holds = ({ facts }: DispatchRow): boolean => {
    const known = Object.values(facts ?? {})
      .join('\n')
      .toLowerCase();
    return words.every((word) => known.includes(word));
  };
  return { rows: rows.filter(holds).slice(0, PER_PAGE), nextCursor: null };
}

const fieldsOf = (request: Request): URLSearchParams => new URLSearchParams(textOf(request));

function ticketOf(request: Request): number {
  const id = ticketIdOf(request.params.ticket);
  if (id === null) throw notFound('A ticket is named by its number.');
  return id;
}

function hashOf(request: Request): string {
  const hash = textIn(request.params.hash);
  if (!isContactHash(hash)) throw notFound('There is no such contact run.');
  return hash;
}

async function previewOf(previews: StatusDeps['previews'], typed: string): Promise<PreviewShown> {
  const id = ticketIdOf(typed.replace(/^#/, ''));
  if (id === null) return { problem: `“${typed}” is not a ticket number.` };
  try {
    return await previews.ofTicket(id);
  } catch (error) {
    if (error instanceof PreviewLateError) return { problem: `${error.message}. Try again in a while.` };
    throw error;
  }
}

/** Refusals that a person reads; what nobody expected goes on to the last handler. */
function refusal(
  { account, links, hasSetup }: { account: string; links: () => PageLinks; hasSetup: boolean },
  asks: (path: string) => boolean,
): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof SignInNeeded) {
      const wanted = request.method === 'GET' ? ownPath(request.originalUrl) : '/';
      const answer = signInPage({ next: wanted, wrong: false, form: asks(request.path) });
      return void response.status(401).set('WWW-Authenticate', 'Bearer realm="deskbridge"').type('html').send(answer);
    }
    const problem = problemOf(error);
    if (!problem) return next(error);
    response
      .status(problem.status)
      .type('html')
      .send(problemPage(problem, { account, links: links(), hasSetup }));
  };
}

function problemPage(problem: Problem, around: Omit<Surroundings, 'signedIn'>): string {
  const passing = problem.status === 503;
  const body = html`<div class="narrow" ${passing ? html`data-again` : ''}>
    <section class="panel ${passing ? 'warn' : 'bad'}" role="alert">
      <h2>${passing ? 'Not now' : problem.title}</h2>
      <p>
        ${passing ? 'Temporal is out of reach. Nothing is lost: Deskbridge goes on as soon as it is back. ' : problem.message}
      </p>
    </section>
    <p><a href="/">Back to the dispatches</a></p>
  </div>`;
  return statusPage(
    { ...around, signedIn: false },
    {
      ...{ name: 'none', title: problem.title, body },
      ...(passing ? { refresh: REFRESH.list } : {}),
    },
  );
}
