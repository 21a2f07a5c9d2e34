/** Step 4: rules, fields and webhook, each shown first and made by a click. */
import type { Request, Response, Router } from 'express';
import { inWords, makeFields, makeRules, makeWebhook, seeFreshdesk, seeWebhook } from '../../setup/make';
import { operatorOf } from '../admin';
import { operatorIs, type Act } from '../audit';
import { exactRouter } from '../exact-router';
import { accountsView } from './accounts-view';
import type { StepTools } from './tools';

const LEAD = 'What the two accounts need, shown before it is made.';

const listed = (names: readonly string[], none: string): string =>
  names.length === 0 ? none : `Made: ${names.join(', ')}.`;

export function accountsRoutes({ deps: { desk, audit }, page, post, show }: StepTools): Router {
  const router = exactRouter();

  const answer = async (
    request: Request,
    response: Response,
    { made = null, problem = null }: { made?: string | null; problem?: string | null },
  ): Promise<void> => {
    const [freshdesk, webhook, { env }] = await Promise.all([seeFreshdesk(desk), seeWebhook(desk), desk.saved()]);
    const publicUrl = env.DESKBRIDGE_URL?.trim() || null;
    const body = accountsView({ freshdesk, webhook, publicUrl, made, problem });
    await show(request, response, { step: 'accounts', lead: LEAD, body, ...(problem === null ? {} : { status: 409 }) });
  };

  /** A second press finds nothing missing, so that the answer may be the page itself. */
  const make = (path: string, act: Act, work: () => Promise<string>): void => {
    router.post(path, post, async (request: Request, response: Response) => {
      let made: string;
      try {
        made = await work();
      } catch (error) {
        return answer(request, response, { problem: inWords(error) });
      }
      audit.note({ act, by: operatorIs(operatorOf(request)), detail: made });
      await answer(request, response, { made });
    });
  };

  router.get('/setup/accounts', page, (request: Request, response: Response) => answer(request, response, {}));
  make('/setup/accounts/rules', 'made in Freshdesk', async () => listed(await makeRules(desk), 'All rules are there.'));
  make('/setup/accounts/fields', 'made in Freshdesk', async () =>
    listed(await makeFields(desk), 'All fields are there.'),
  );
  make('/setup/accounts/webhook', 'made in Field Nation', async () => `The webhook is ${await makeWebhook(desk)}.`);
  return router;
}
