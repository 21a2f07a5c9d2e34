/** The pages and forms for what concerns many: pause and resume, dispatch by hand, check now, try again, approve. */
import type { Request, Response, Router } from 'express';
import { ATTENTION_REASONS } from '../../contract/dispatch';
import type { Dispatching } from '../../temporal/dispatching';
import type { Operations } from '../../temporal/operations';
import type { Starter } from '../../temporal/starter';
import { byOf, operatorOf } from '../admin';
import { operatorIs, type Act, type Audit } from '../audit';
import { textOf, ticketIdOf } from '../body';
import { exactRouter } from '../../exact-router';
import { malformed } from '../problem';
import type { PageTools } from './events-routes';
import { approveView, SINCE, waitingView, yesOf, type Asked } from './operate-view';

export interface OperateDeps {
  operations: Operations;
  dispatching: Pick<Dispatching, 'state' | 'pause' | 'resume'>;
  starter: Pick<Starter, 'approve' | 'dispatchVisit'>;
  audit: Audit;
}

/** A form holds no more; the rest is listed once these are approved. */
const APPROVED_AT_ONCE = 100;
/** All that waits is read for it. */
const REFRESH_S = 15;

export function operateRoutes(deps: OperateDeps, { page, post, show }: PageTools): Router {
  const { operations, dispatching, starter, audit } = deps;
  const router = exactRouter();
  const done = (request: Request, act: Act, what?: string): void =>
    audit.note({ act, by: operatorIs(operatorOf(request)), ...(what === undefined ? {} : { what }) });

  router.post('/pause', post, async (request: Request, response: Response) => {
    const reason = fieldOf(request, 'reason');
    if (reason === '' || reason.length > 500) throw malformed('Give a reason of 1 to 500 characters.');
    await dispatching.pause({ reason, by: byOf(request) });
    done(request, 'paused');
    response.redirect(303, '/?done=paused');
  });

  router.post('/resume', post, async (request: Request, response: Response) => {
    await dispatching.resume(byOf(request));
    done(request, 'resumed');
    response.redirect(303, '/?done=resumed');
  });

  router.post('/dispatch', post, async (request: Request, response: Response) => {
    const typed = fieldOf(request, 'ticket').slice(0, 40);
    const id = ticketIdOf(typed.replace(/^#/, ''));
    if (id === null) throw malformed(`“${typed}” is not a ticket number.`);
    await starter.dispatchVisit(id, byOf(request));
    done(request, 'dispatched', `ticket ${id}`);
    response.redirect(303, `/dispatches/${id}?done=dispatch`);
  });

  router.post('/check', post, async (_request: Request, response: Response) => {
    response.redirect(303, (await operations.checkNow()) ? '/?done=checked' : '/?done=no-check');
  });

  router.get('/waiting', page, async (request: Request, response: Response) => {
    const reason = ATTENTION_REASONS.find((one) => one === request.query.reason) ?? '';
    const since = sinceIn(request.query.since);
    const runs = await operations.waiting(filterOf(reason, since));
    const retried = typeof request.query.retried === 'string' ? Number(request.query.retried) : NaN;
    const body = waitingView({ runs, reason, since, retried: Number.isSafeInteger(retried) ? retried : null });
    show(request, response, { name: 'dispatches', title: 'Waiting', refresh: REFRESH_S, body });
  });

  router.post('/waiting/retry', post, async (request: Request, response: Response) => {
    const reason = ATTENTION_REASONS.find((one) => one === fieldOf(request, 'reason'));
    // Money waits for another word than this.
    if (reason === undefined || reason === 'approval') throw malformed('Choose a group of the page.');
    const since = sinceIn(fieldOf(request, 'since'));
    const detail = fieldOf(request, 'detail');
    const runs = (await operations.waiting(filterOf(reason, since))).filter(
      (run) => (run.detail ?? '').trim() === detail,
    );
    const retried = await operations.retry(runs, byOf(request));
    done(request, 'retried', `${retried} that waited for ${reason}`);
    response.redirect(303, `/waiting?retried=${retried}`);
  });

  const asked = async (): Promise<Asked[]> =>
    (await operations.waiting({ reason: 'approval' }))
      .flatMap(({ ticketId, approval, since, detail }) =>
        ticketId === null || approval === null ? [] : [{ ticketId, amount: approval.amount, since, detail }],
      )
      .slice(0, APPROVED_AT_ONCE);

  // Never refreshed: what is approved is what the reader sees.
  router.get('/approve', page, async (request: Request, response: Response) => {
    show(request, response, { name: 'dispatches', title: 'Approve', body: approveView(await asked(), null) });
  });

  router.post('/approve', post, async (request: Request, response: Response) => {
    const given = fieldsOf(request).getAll('yes').map(yesOf);
    if (given.length === 0 || given.includes(null)) throw malformed('Approve what the page lists.');
    const yes = given.flatMap((one) => one ?? []);
    const approved = await operations.approve(yes, byOf(request));
    for (const ticket of approved) done(request, 'approved', `ticket ${ticket}`);
    const missed = yes.length - approved.size;
    const told = `${approved.size} of ${yes.length} approved.${missed === 0 ? '' : ` For the other ${missed}, another sum or nothing waits now.`}`;
    const left = (await asked()).filter(({ ticketId }) => !approved.has(ticketId));
    const body = approveView(left, told);
    show(request, response, { name: 'dispatches', title: 'Approve', body }, missed === 0 ? 200 : 409);
  });

  router.post('/dispatches/:ticket/approve', post, async (request: Request, response: Response) => {
    const yes = yesOf(fieldOf(request, 'yes'));
    if (yes === null || yes.ticketId !== ticketIdOf(request.params.ticket))
      throw malformed('Approve the sum of the page.');
    await starter.approve(yes.ticketId, { by: byOf(request), amount: yes.amount });
    done(request, 'approved', `ticket ${yes.ticketId}`);
    response.redirect(303, `/dispatches/${yes.ticketId}?done=approve`);
  });

  return router;
}

const filterOf = (reason: (typeof ATTENTION_REASONS)[number] | '', since: string) => {
  const span = SINCE[since];
  return {
    ...(reason === '' ? {} : { reason }),
    ...(span ? { since: new Date(Date.now() - span[1]).toISOString() } : {}),
  };
};

const sinceIn = (value: unknown): string => (typeof value === 'string' && Object.hasOwn(SINCE, value) ? value : '');
const fieldsOf = (request: Request): URLSearchParams => new URLSearchParams(textOf(request));
const fieldOf = (request: Request, name: string): string => (fieldsOf(request).get(name) ?? '').trim();
