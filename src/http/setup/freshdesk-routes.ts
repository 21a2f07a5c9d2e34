/** Step 1. Promise: a stored key goes to no other address than the one that it was stored for. */
import type { Request, Response, Router } from 'express';
import { EnvTextError, type EnvChanges } from '../../config/env-text';
import { freshdeskDomainOf } from '../../config/freshdesk-domain';
import type { Env } from '../../config/settings-reader';
import { freshdeskOf, testFreshdesk, type FreshdeskTested } from '../../setup/accounts';
import type { YamlChange } from '../../config/yaml-edit';
import { exactRouter } from '../../exact-router';
import { faultWords, problemsAt } from './fault-words';
import { freshdeskView, type FreshdeskForm } from './freshdesk-view';
import { pathAfter } from './steps';
import { formOf, type StepTools } from './tools';

/** Of the shipped config file. */
const SHIPPED_REGION = 'GB';

const LEAD = 'Where your tickets are. Deskbridge asks Freshdesk at once whether the key works.';

/** Settings and the form field that holds each. */
const FIELDS: Readonly<Record<string, string>> = {
  FRESHDESK_DOMAIN: 'address',
  FRESHDESK_API_KEY: 'key',
  FRESHDESK_API_KEY_FILE: 'key',
  FRESHDESK_BASE_URL: 'baseUrl',
};

const hasKey = (env: Env): boolean => Boolean(env.FRESHDESK_API_KEY?.trim() || env.FRESHDESK_API_KEY_FILE?.trim());

export function freshdeskRoutes({ deps: { desk }, page, post, show }: StepTools): Router {
  const router = exactRouter();
  const locked = (name: string): string | null => (desk.isOutside(name) ? name : null);
  const formNow = (env: Env): FreshdeskForm => ({
    address: env.FRESHDESK_DOMAIN?.trim() ? `https://${env.FRESHDESK_DOMAIN.trim()}.freshdesk.com` : '',
    baseUrl: env.FRESHDESK_BASE_URL?.trim() ?? '',
  });

  router.get('/setup/freshdesk', page, async (request: Request, response: Response) => {
    const { env } = await desk.saved();
    const content = { form: formNow(env), problems: {}, hasKey: hasKey(env), locked, tested: null };
    await show(request, response, { step: 'freshdesk', lead: LEAD, body: freshdeskView(content) });
  });

  router.post('/setup/freshdesk', post, async (request: Request, response: Response) => {
    const field = formOf(request);
    const now = await desk.saved();
    const stored = formNow(now.env);
    const form = {
      address: locked('FRESHDESK_DOMAIN') ? stored.address : field('address').slice(0, 500),
      baseUrl: locked('FRESHDESK_BASE_URL') ? stored.baseUrl : field('baseUrl').slice(0, 500),
    };
    const around = { form, hasKey: hasKey(now.env), locked };
    const refuse = (problems: Record<string, string>): Promise<void> =>
      show(request, response, {
        ...{ step: 'freshdesk', lead: LEAD, status: 400 },
        body: freshdeskView({ ...around, problems, tested: null }),
      });

    const domain = freshdeskDomainOf(form.address);
    if (domain === null)
      return refuse({ address: 'This is not a Freshdesk address. It looks like https://acme.freshdesk.com.' });
    const key = locked('FRESHDESK_API_KEY') ? '' : field('key');
    const changes: EnvChanges = {
      FRESHDESK_DOMAIN: domain,
      FRESHDESK_BASE_URL: form.baseUrl === '' ? null : form.baseUrl,
      ...(key === '' ? {} : { FRESHDESK_API_KEY: key, FRESHDESK_API_KEY_FILE: null }),
    };
    try {
      const next = await desk.saved(changes);
      const [before, after] = [freshdeskOf(now.env), freshdeskOf(next.env)];
      if (after.settings?.freshdesk && key === '' && hasKey(next.env)) {
        const moved = before.settings?.freshdesk?.baseUrl !== after.settings.freshdesk.baseUrl;
        if (moved) return await refuse({ key: 'The address is another one. Enter the API key of this account.' });
      }
      if (!after.settings) return await refuse(problemsAt(after.problems, FIELDS, 'baseUrl'));
      const result = await testFreshdesk(after.settings);
      if ('fault' in result) {
        return await refuse({ [FIELDS[result.fault.subject] ?? 'address']: faultWords(result.fault) });
      }
      const yaml = await regionChange(desk, result.tested.region);
      const proposal = await desk.propose({ env: changes, yaml, next: pathAfter('freshdesk') });
      const tested: { result: FreshdeskTested; proposal: typeof proposal; readOnly: boolean } = {
        ...{ result: result.tested, proposal },
        readOnly: next.readOnly !== null,
      };
      await show(request, response, {
        ...{ step: 'freshdesk', lead: LEAD },
        body: freshdeskView({ ...around, problems: {}, tested }),
      });
    } catch (error) {
      if (!(error instanceof EnvTextError)) throw error;
      await refuse({ key: error.message });
    }
  });

  return router;
}

/** Somebody's own choice stays; a config file with mistakes is shown at the end of set-up. */
async function regionChange(desk: StepTools['deps']['desk'], region: string | null): Promise<YamlChange[]> {
  const now = await desk.config().catch(() => null);
  const isOwn = now?.config.contacts.defaultRegion !== SHIPPED_REGION;
  return region === null || isOwn ? [] : [{ path: ['contacts', 'defaultRegion'], value: region }];
}
