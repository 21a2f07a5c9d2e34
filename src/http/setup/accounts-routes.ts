/** Step 4: rules, fields and webhook, each shown first and made by a click. */
import type { Request, Response, Router } from 'express';
import { inWords, makeFields, makeRules, makeWebhook, seeFreshdesk, seeWebhook } from '../../setup/make';
import { operatorOf } from '../admin';
import { operatorIs, type Act } from '../audit';
import { exactRouter } from '../../exact-router';
import { accountsView, type AccountsContent } from './accounts-view';
import { pathOf } from './steps';
import { formOf, type StepTools } from './tools';
import { triggerChange, triggerChoice } from './trigger-view';

const LEAD = 'What the two accounts need, shown before it is made.';

/** Either, or both where only a part was made. */
interface Made {
  made: string | null;
  problem: string | null;
}

const listed = (names: readonly string[], none: string): string =>
  names.length === 0 ? none : `Made: ${names.join(', ')}.`;

export function accountsRoutes({ deps: { desk, audit }, page, post, show }: StepTools): Router {
  const router = exactRouter();

  const answer = async (
    request: Request,
    response: Response,
    { made = null, problem = null, trigger = null }: Partial<Pick<AccountsContent, 'made' | 'problem' | 'trigger'>>,
  ): Promise<void> => {
    const [freshdesk, webhook, { env }] = await Promise.all([seeFreshdesk(desk), seeWebhook(desk), desk.saved()]);
    const publicUrl = env.DESKBRIDGE_URL?.trim() || null;
    const body = accountsView({ freshdesk, webhook, publicUrl, made, problem, trigger });
    await show(request, response, { step: 'accounts', lead: LEAD, body, ...(problem === null ? {} : { status: 409 }) });
  };

  /** A second press finds nothing missing, so that the answer may be the page itself. */
  const make = (path: string, act: Act, work: () => Promise<Made>): void => {
    router.post(path, post, async (request: Request, response: Response) => {
      const { made, problem } = await work().catch((error: unknown) => ({ made: null, problem: inWords(error) }));
      if (made !== null) audit.note({ act, by: operatorIs(operatorOf(request)), detail: made });
      await answer(request, response, { made, problem });
    });
  };

  router.get('/setup/accounts', page, (request: Request, response: Response) => answer(request, response, {}));
  router.post('/setup/accounts/trigger', post, async (request: Request, response: Response) => {
    const setup = await seeFreshdesk(desk);
    if ('problem' in setup) return answer(request, response, {});
    const typed = formOf(request)('status').slice(0, 200);
    const choice = triggerChoice(setup, typed);
    if (choice.problem !== null) return answer(request, response, { problem: choice.problem });
    const value = triggerChange(choice);
    const yaml = value === null ? [] : [{ path: ['dispatch', 'when', 'statuses'], value }];
    const proposal = await desk.propose({ yaml, next: pathOf('accounts') });
    const readOnly = (await desk.saved()).readOnly !== null;
    await answer(request, response, { trigger: { typed, proposal, readOnly } });
  });
  make('/setup/accounts/rules', 'made in Freshdesk', async () => ({
    ...{ made: listed(await makeRules(desk), 'All rules are there.'), problem: null },
  }));
  make('/setup/accounts/fields', 'made in Freshdesk', async () => {
    const { made, problem } = await makeFields(desk);
    const isNone = made.length === 0 && problem !== null;
    return { made: isNone ? null : listed(made, 'All fields are there.'), problem };
  });
  make('/setup/accounts/webhook', 'made in Field Nation', async () => ({
    ...{ made: `The webhook is ${await makeWebhook(desk)}.`, problem: null },
  }));
  return router;
}
