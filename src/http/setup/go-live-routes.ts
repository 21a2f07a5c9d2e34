/** Step 6. */
import type { Request, Response, Router } from 'express';
import { adminTokens } from '../../config/admin-tokens';
import type { Config } from '../../config/schema';
import type { YamlChange } from '../../config/yaml-edit';
import { html } from '../../page/markup';
import { checkAll } from '../../setup/checks';
import type { Saved } from '../../setup/desk';
import { exactRouter } from '../../exact-router';
import { worldOf } from './field-nation-routes';
import { goLiveView, type GoLiveContent, type GoLiveForm, type Point } from './go-live-view';
import { pathOf } from './steps';
import { formOf, type StepTools } from './tools';

const LEAD = 'Every point is looked at as it is now. Nothing is published before you say so.';

export function goLiveRoutes({ deps, page, post, show }: StepTools): Router {
  const { desk, dispatching, checkTemporal } = deps;
  const router = exactRouter();

  const answer = async (
    request: Request,
    response: Response,
    more: Partial<Pick<GoLiveContent, 'form' | 'problems' | 'proposal'>>,
  ): Promise<void> => {
    const [saved, { findings, config }, state] = await Promise.all([
      desk.saved(),
      checkAll(desk, checkTemporal),
      dispatching().catch(() => null),
    ]);
    const content: GoLiveContent = {
      ...{
        findings,
        points: pointsOf(
          saved,
          config,
          findings.every(({ level }) => level !== 'red'),
        ),
      },
      baseline: saved.pending ? null : (state?.baseline ?? null),
      ...{ form: config && formNow(config, saved.pending), problems: {}, proposal: null, ...more },
    };
    const isRefused = Object.keys(content.problems).length > 0;
    await show(request, response, {
      ...{ step: 'go-live', lead: LEAD, body: goLiveView(content) },
      ...(isRefused ? { status: 400 } : {}),
    });
  };

  router.get('/setup/go-live', page, (request: Request, response: Response) => answer(request, response, {}));

  router.post('/setup/go-live', post, async (request: Request, response: Response) => {
    const field = formOf(request);
    const form: GoLiveForm = {
      afterCreate: field('afterCreate').slice(0, 20),
      ...{ payAbove: field('payAbove').slice(0, 40), ordersPerHour: field('ordersPerHour').slice(0, 40) },
    };
    const [payAbove, ordersPerHour] = [limitOf(form.payAbove, false), limitOf(form.ordersPerHour, true)];
    const problems = {
      ...(payAbove === undefined ? { payAbove: 'Enter an amount such as 1000, or nothing.' } : {}),
      ...(ordersPerHour === undefined ? { ordersPerHour: 'Enter a whole number such as 100, or nothing.' } : {}),
    };
    if (Object.keys(problems).length > 0) return answer(request, response, { form, problems });
    const yaml: YamlChange[] = [
      ...(['draft', 'publish'].includes(form.afterCreate)
        ? [{ path: ['dispatch', 'afterCreate'], value: form.afterCreate }]
        : []),
      { path: ['dispatch', 'approval', 'payAbove'], value: payAbove },
      { path: ['dispatch', 'approval', 'ordersPerHour'], value: ordersPerHour },
    ];
    const proposal = await desk.propose({ yaml, next: pathOf('go-live') });
    const { readOnly } = await desk.saved();
    await answer(request, response, { form, proposal: { proposal, readOnly: readOnly !== null } });
  });

  return router;
}

/** Null: no limit; undefined: not a number. */
function limitOf(text: string, whole: boolean): number | null | undefined {
  if (text === '') return null;
  const plain = text.replace(/^\$\s*/, '').replace(/,(?=\d{3}\b)/g, '');
  if (!(whole ? /^\d{1,7}$/ : /^\d{1,9}(\.\d{1,2})?$/).test(plain)) return undefined;
  return Number(plain);
}

/** Before the first start with the own accounts, drafts are offered. */
const formNow = ({ dispatch: { afterCreate, approval } }: Config, isFirst: boolean): GoLiveForm => ({
  afterCreate: isFirst && afterCreate === 'publish' ? 'draft' : afterCreate,
  payAbove: approval.payAbove === null ? '' : String(approval.payAbove),
  ordersPerHour: approval.ordersPerHour === null ? '' : String(approval.ordersPerHour),
});

function pointsOf({ env, settings, pending }: Saved, config: Config | null, noRed: boolean): Point[] {
  const names = adminTokens(settings?.web.adminToken ?? null).filter(({ name }) => name !== null);
  const alerts =
    (settings?.alertsMail ?? null) !== null ||
    (config?.alerts.url ?? null) !== null ||
    config?.alerts.ticketNote === 'all';
  return [
    { is: noRed, text: 'No check fails', todo: 'Do what the red lines say.' },
    { is: !pending, text: 'Deskbridge runs with what is saved', todo: 'Restart it, as said above.' },
    {
      is: null,
      text: 'A real ticket becomes the work order that you expect',
      todo: html`Try one on <a href="${pathOf('mapping')}">the mapping page</a>.`,
    },
    {
      is: config === null ? null : config.dispatch.afterCreate === 'draft',
      text: 'The first work orders stay drafts',
      todo: 'Choose “Only make a draft” below. Publish when the drafts have been right for some days.',
    },
    {
      is: config === null ? null : config.dispatch.approval.payAbove !== null,
      text: 'High pay waits for a person',
      todo: 'Set the limit below to what fits your prices.',
    },
    {
      is: names.length > 0,
      text: 'Each operator has a name',
      todo: 'Set ADMIN_TOKEN=ann:…,bob:… with a long random text for each. Timelines and the audit trail show the names.',
    },
    {
      is: alerts,
      text: 'Somebody gets the alerts',
      todo: 'Set ALERTS_SMTP_URL, ALERTS_MAIL_FROM and ALERTS_MAIL_TO, or alerts.url in the config file.',
    },
    {
      is: worldOf(env) === 'production',
      text: 'Field Nation is production',
      todo: html`Last of all: <a href="${pathOf('field-nation')}">enter the credentials of production</a>. No dispatch
        may be open then. Make the webhook again afterwards.`,
    },
  ];
}
