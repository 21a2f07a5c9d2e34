/**
 * The set-up page: it tests accounts, shows what would change, and changes the same files that a person would. Promise: it
 * is behind a sign-in always, shows no stored secret, and every act stands in the audit trail by its names alone.
 */
import type { Request, RequestHandler, Response, Router } from 'express';
import { pageHeaders } from '../../page/headers';
import { FileChangedError } from '../../config/kept-file';
import { ProposalGoneError, type Saved } from '../../setup/desk';
import { operatorOf } from '../admin';
import { operatorIs } from '../audit';
import { exactRouter } from '../../exact-router';
import { Problem } from '../problem';
import type { StatusPage } from '../status/frame';
import { fieldNationOf, freshdeskOf } from '../../setup/accounts';
import { accountsRoutes } from './accounts-routes';
import { addressRoutes } from './address-routes';
import { stepView } from './frame-view';
import { fieldNationRoutes } from './field-nation-routes';
import { goLiveRoutes } from './go-live-routes';
import { freshdeskRoutes } from './freshdesk-routes';
import { mappingRoutes } from './mapping-routes';
import { homeView, restartingPage } from './home-view';
import type { StepName } from './steps';
import { formOf, type StepDeps, type StepTools } from './tools';

export interface SetupTools {
  page: RequestHandler[];
  post: RequestHandler[];
  show: (request: Request, response: Response, content: StatusPage, status?: number) => void;
  /** Signs the browser in to the process that runs with other settings, so that nobody has to sign in again. */
  stayIn: (request: Request, response: Response, saved: Saved) => Promise<void>;
}

/** A browser that does not come for the page that waits holds no restart up. */
const PAGE_WITHIN_MS = 3_000;

const LEAD = 'Six steps from the sandbox to your own accounts. You can leave each one and come back.';

export function setupRoutes(deps: StepDeps, { page, post, show: showPage, stayIn }: SetupTools): Router {
  const { desk, audit, restart, refused } = deps;
  const router = exactRouter();
  let begin: (() => void) | null = null;

  const show: StepTools['show'] = async (request, response, { step, lead, body, status, refresh, wide }) => {
    const saved = await desk.saved();
    const standing = {
      ...{ done: doneIn(saved), pending: saved.pending, canRestart: restart !== null, refused },
      ...{ readOnly: saved.readOnly, saved: request.query.saved === '1', wide: wide ?? false },
    };
    const title = step === null ? 'Set up' : `Set up: ${step}`;
    const content = { name: 'setup' as const, title, body: stepView(step, lead, standing, body) };
    showPage(request, response, { ...content, ...(refresh === undefined ? {} : { refresh }) }, status);
  };
  const tools: StepTools = { deps, page, post, show };

  router.get('/setup', page, async (request: Request, response: Response) => {
    const saved = await desk.saved();
    await show(request, response, { step: null, lead: LEAD, body: homeView(doneIn(saved), saved.problems) });
  });

  router.use(freshdeskRoutes(tools));
  router.use(fieldNationRoutes(tools));
  router.use(addressRoutes(tools));
  router.use(accountsRoutes(tools));
  router.use(mappingRoutes(tools));
  router.use(goLiveRoutes(tools));

  router.post('/setup/save', post, async (request: Request, response: Response) => {
    const { readOnly } = await desk.saved();
    if (readOnly !== null) throw new Problem(409, 'read-only', 'Not written', readOnly);
    const by = operatorIs(operatorOf(request));
    try {
      const { names, config, next } = await desk.save(formOf(request)('proposal'));
      audit.note({ act: 'changed the settings', by, detail: names.join(', ') });
      if (config) await deps.reloadConfig(by);
      response.redirect(303, `${next}?saved=1`);
    } catch (error) {
      if (error instanceof ProposalGoneError || error instanceof FileChangedError)
        throw new Problem(409, 'changed-meanwhile', 'Not saved', error.message);
      const { code } = error as NodeJS.ErrnoException;
      if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(code ?? '')) throw error;
      const remedy = 'Give the user that runs Deskbridge the right to write there, and save again.';
      throw new Problem(409, 'not-writable', 'Not saved', `The file cannot be written (${code}). ${remedy}`);
    }
  });

  router.post('/setup/restart', post, async (request: Request, response: Response) => {
    const saved = await desk.saved();
    if (restart === null || saved.problems.length > 0) {
      const why = saved.problems.map(({ name, problem, remedy }) => `${name} ${problem}. ${remedy}`).join(' ');
      throw new Problem(409, 'not-restarted', 'Not restarted', why || 'Restart the process where it was started.');
    }
    audit.note({ act: 'restarted', by: operatorIs(operatorOf(request)) });
    await stayIn(request, response, saved);
    // The page that waits goes out before the server does.
    begin = once(restart);
    setTimeout(begin, PAGE_WITHIN_MS).unref();
    response.redirect(303, '/setup/restarting');
  });

  // The browser's cookie is that of the next process already, which knows of no restart: set-up goes on there.
  router.get('/setup/restarting', pageHeaders, async (_request: Request, response: Response) => {
    // Settings that cannot start are found only when the workers begin.
    if (begin === null && (await deps.isReady())) return response.redirect(303, '/setup');
    if (begin) response.once('finish', begin);
    response.type('html').send(restartingPage());
  });

  return router;
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}

function doneIn({ env }: Saved): ReadonlySet<StepName> {
  const freshdesk = freshdeskOf(env).settings?.freshdesk;
  const fieldNation = fieldNationOf(env).settings;
  return new Set<StepName>([
    ...(freshdesk ? ['freshdesk' as const] : []),
    ...(fieldNation?.fieldNation || fieldNation?.fieldNationSandbox ? ['field-nation' as const] : []),
    ...(env.DESKBRIDGE_URL?.trim() ? ['address' as const] : []),
  ]);
}
