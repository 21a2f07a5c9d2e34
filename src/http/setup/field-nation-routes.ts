/** Step 2. Promise: stored credentials go to no other address than the one that they were stored for. */
import type { Request, Response, Router } from 'express';
import { EnvTextError, type EnvChanges } from '../../config/env-text';
import type { Env } from '../../config/settings-reader';
import { fieldNationOf, testFieldNation, type FieldNationTested } from '../../setup/accounts';
import type { Proposal } from '../../setup/desk';
import { exactRouter } from '../../exact-router';
import {
  CREDENTIAL_FIELDS,
  FIELD_NATION_PRODUCTION,
  FIELD_NATION_SANDBOX,
  fieldNationView,
  WORLDS,
  type World,
} from './field-nation-view';
import { faultWords, problemsAt } from './fault-words';
import { pathAfter } from './steps';
import { formOf, type StepTools } from './tools';

const LEAD = 'Where technicians are found. Deskbridge asks Field Nation at once whether the credentials work.';

const FIELDS: Readonly<Record<string, string>> = {
  FIELD_NATION_BASE_URL: 'baseUrl',
  ...Object.fromEntries(
    CREDENTIAL_FIELDS.flatMap(({ name, setting }) => [
      [setting, name],
      [`${setting}_FILE`, name],
    ]),
  ),
};
/** What a refusal of the credentials names. */
const ALL_FOUR = 'FIELD_NATION_CLIENT_ID, _CLIENT_SECRET, _USERNAME, _PASSWORD';

const isSet = (env: Env, name: string): boolean => Boolean(env[name]?.trim() || env[`${name}_FILE`]?.trim());
const hasCredentials = (env: Env): boolean => CREDENTIAL_FIELDS.every(({ setting }) => isSet(env, setting));

const baseUrlOf = (env: Env): string => env.FIELD_NATION_BASE_URL?.trim().replace(/\/+$/, '') || FIELD_NATION_SANDBOX;

export function worldOf(env: Env): World {
  if (env.FIELD_NATION_SANDBOX?.trim().toLowerCase() === 'true') return 'played';
  const baseUrl = baseUrlOf(env);
  return baseUrl === FIELD_NATION_SANDBOX ? 'sandbox' : baseUrl === FIELD_NATION_PRODUCTION ? 'production' : 'other';
}

export function fieldNationRoutes({ deps: { desk }, page, post, show }: StepTools): Router {
  const router = exactRouter();
  const locked = (name: string): string | null => (desk.isOutside(name) ? name : null);

  router.get('/setup/field-nation', page, async (request: Request, response: Response) => {
    const { env } = await desk.saved();
    const world = worldOf(env);
    const body = fieldNationView({
      ...{ world, baseUrl: world === 'other' ? baseUrlOf(env) : '', problems: {} },
      ...{ hasCredentials: hasCredentials(env), locked, tested: null },
    });
    await show(request, response, { step: 'field-nation', lead: LEAD, body });
  });

  router.post('/setup/field-nation', post, async (request: Request, response: Response) => {
    const field = formOf(request);
    const now = await desk.saved();
    const isLocked = locked('FIELD_NATION_BASE_URL') !== null || locked('FIELD_NATION_SANDBOX') !== null;
    const world = isLocked ? worldOf(now.env) : WORLDS.find((one) => one === field('world'));
    const typedUrl = isLocked && world === 'other' ? baseUrlOf(now.env) : field('baseUrl').slice(0, 500);
    const around = { world: world ?? 'sandbox', baseUrl: typedUrl, hasCredentials: hasCredentials(now.env), locked };
    const answer = (
      problems: Record<string, string>,
      tested: { result: FieldNationTested | null; proposal: Proposal | null; readOnly: boolean } | null,
    ): Promise<void> =>
      show(request, response, {
        ...{ step: 'field-nation', lead: LEAD, ...(tested ? {} : { status: 400 }) },
        body: fieldNationView({ ...around, problems, tested }),
      });

    if (world === undefined) return answer({ world: 'Choose one of these.' }, null);
    if (world === 'other' && typedUrl === '') return answer({ baseUrl: 'Enter the address.' }, null);
    const typed = CREDENTIAL_FIELDS.filter(({ setting, name }) => !locked(setting) && field(name) !== '');
    const changes = world === 'played' ? played() : credentials(world, typedUrl, typed, field);
    try {
      const next = await desk.saved(changes);
      const proposeIt = async (result: FieldNationTested | null): Promise<void> => {
        const proposal = await desk.propose({ env: changes, next: pathAfter('field-nation') });
        await answer({}, { result, proposal, readOnly: next.readOnly !== null });
      };
      if (world === 'played') return await proposeIt(null);
      if (baseUrlOf(now.env) !== baseUrlOf(next.env) && typed.length < CREDENTIAL_FIELDS.length) {
        const kept = CREDENTIAL_FIELDS.filter((one) => !typed.includes(one) && isSet(next.env, one.setting));
        const problem = 'This is another environment, with its own credentials. Enter this one too.';
        if (kept.length > 0) return await answer(Object.fromEntries(kept.map(({ name }) => [name, problem])), null);
      }
      const { settings, problems } = fieldNationOf(next.env);
      if (!settings?.fieldNation) {
        const missing = 'is missing. Enter all four, as Field Nation gave them to you';
        return await answer(settings ? { clientId: `This ${missing}.` } : problemsAt(problems, FIELDS, 'world'), null);
      }
      const result = await testFieldNation(settings);
      if ('tested' in result) return await proposeIt(result.tested);
      const { subject } = result.fault;
      const at = subject === ALL_FOUR ? 'clientId' : (FIELDS[subject] ?? 'world');
      await answer({ [at === 'baseUrl' && world !== 'other' ? 'world' : at]: faultWords(result.fault) }, null);
    } catch (error) {
      if (!(error instanceof EnvTextError)) throw error;
      await answer({ clientId: error.message }, null);
    }
  });

  return router;
}

const played = (): EnvChanges => ({
  ...{ FIELD_NATION_SANDBOX: 'true', FIELD_NATION_BASE_URL: null },
  ...Object.fromEntries(
    CREDENTIAL_FIELDS.flatMap(({ setting }) => [
      [setting, null],
      [`${setting}_FILE`, null],
    ]),
  ),
});

const credentials = (
  world: Exclude<World, 'played'>,
  typedUrl: string,
  typed: readonly (typeof CREDENTIAL_FIELDS)[number][],
  field: (name: string) => string,
): EnvChanges => ({
  FIELD_NATION_SANDBOX: null,
  FIELD_NATION_BASE_URL: { sandbox: null, production: FIELD_NATION_PRODUCTION, other: typedUrl }[world],
  ...Object.fromEntries(
    typed.flatMap(({ setting, name }) => [
      [setting, field(name)],
      [`${setting}_FILE`, null],
    ]),
  ),
});
