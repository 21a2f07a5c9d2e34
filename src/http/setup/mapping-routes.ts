/** Step 5. Promise: a choice changes the names in the config file alone; what a person wrote around them stays. */
import type { Request, Response, Router } from 'express';
import { fallbackChanges, fallbackOf, SLOTS, slotChanges, typeOfWorkChanges } from '../../config/mapping-slots';
import { ConfigError } from '../../config/problems';
import type { Config } from '../../config/schema';
import { YamlEditError, type YamlChange } from '../../config/yaml-edit';
import { previewOf, readChoices, type Choices } from '../../setup/mapping';
import { inWords } from '../../setup/make';
import { html } from '../../page/markup';
import { ticketIdOf } from '../body';
import { exactRouter } from '../../exact-router';
import type { PreviewShown } from '../status/preview-view';
import { fieldNationChoices, fieldOf, KEPT, NONE, ticketChoices } from './mapping-choices';
import { mappingView, type MappingContent } from './mapping-view';
import { pathAfter } from './steps';
import { formOf, type StepTools } from './tools';

const LEAD = 'Which ticket field becomes what in the work order, tried on a real ticket.';
const PAY = 'pay.base.amount';
const COUNTRY = 'location.country';

type WorkOrder = Record<string, unknown>;

interface Known {
  choices: Choices;
  config: Config;
  workOrder: WorkOrder;
}

export function mappingRoutes({ deps: { desk }, page, post, show }: StepTools): Router {
  const router = exactRouter();

  const know = async (): Promise<Known | { problem: string }> => {
    try {
      const { config, written } = await desk.config();
      const workOrder = written.workOrder as WorkOrder | undefined;
      if (typeof workOrder !== 'object' || workOrder === null)
        return {
          problem: 'The config file has no workOrder section. Copy it from the shipped config/deskbridge.yaml.',
        };
      return { config, workOrder, choices: await readChoices((await desk.saved()).env) };
    } catch (error) {
      return { problem: inWords(error) };
    }
  };

  const contentOf = ({ choices, config, workOrder }: Known, typed: (name: string) => string | null): MappingContent => {
    const fields = ticketChoices(choices, workOrder, config, typed);
    const others = fieldNationChoices(choices, workOrder, config, typed);
    const pay = typed('payDefault') ?? String(fallbackOf(PAY, workOrder) ?? '');
    const country = typed('countryDefault') ?? String(fallbackOf(COUNTRY, workOrder) ?? '');
    const isPay = pay === '' || /^\d{1,7}(\.\d{1,2})?$/.test(pay);
    const isCountry = country === '' || /^[a-z]{2}$/i.test(country);
    return {
      ...{ fields, others, fieldNationProblem: choices.fieldNationProblem },
      pay: { value: pay, problem: isPay ? null : 'Enter an amount such as 150.' },
      country: { value: country, problem: isCountry ? null : 'Enter two letters, such as US.' },
      problems:
        [...fields, ...others].filter(({ problem }) => problem !== null).length + (isPay ? 0 : 1) + (isCountry ? 0 : 1),
      ...{ ticket: (typed('ticket') ?? '').slice(0, 40), shown: null, proposal: null, refused: null },
    };
  };

  const answer = (request: Request, response: Response, body: unknown, status = 200): Promise<void> =>
    show(request, response, { step: 'mapping', lead: LEAD, body, status, wide: true });

  router.get('/setup/mapping', page, async (request: Request, response: Response) => {
    const known = await know();
    if ('problem' in known) return answer(request, response, html`<p class="panel warn">${known.problem}</p>`);
    await answer(request, response, mappingView(contentOf(known, () => null)));
  });

  router.post('/setup/mapping', post, async (request: Request, response: Response) => {
    const known = await know();
    if ('problem' in known) return answer(request, response, html`<p class="panel warn">${known.problem}</p>`, 409);
    const field = formOf(request);
    const content = contentOf(known, (name) => field(name).slice(0, 200) || null);
    try {
      const wrong = content.pay.problem !== null || content.country.problem !== null;
      const yaml = wrong ? [] : changesOf(known, content);
      const { config } = await desk.config(yaml);
      const { env, readOnly } = await desk.saved();
      const shown =
        content.ticket === '' ? null : await previewTyped(content.ticket, (id) => previewOf(env, config, id));
      const isChange = field('act') === 'change' && content.problems === 0;
      const proposal = isChange
        ? { proposal: await desk.propose({ yaml, next: pathAfter('mapping') }), readOnly: readOnly !== null }
        : null;
      const status = field('act') === 'change' && content.problems > 0 ? 400 : 200;
      await answer(request, response, mappingView({ ...content, shown, proposal }), status);
    } catch (error) {
      if (!(error instanceof YamlEditError || error instanceof ConfigError)) throw error;
      await answer(request, response, mappingView({ ...content, refused: error.message }), 409);
    }
  });

  return router;
}

/** In the order in which they can be made one after the other. */
function changesOf(
  { choices, config, workOrder }: Known,
  { fields, others, pay, country }: MappingContent,
): YamlChange[] {
  const chosen = new Map([...fields, ...others].map(({ name, chosen: value }) => [name, value]));
  const changes: YamlChange[] = [];
  let now = workOrder;
  for (const slot of SLOTS) {
    const value = chosen.get(slot.name) ?? KEPT;
    if (value === KEPT) continue;
    const made = slotChanges(slot, now, value === NONE ? null : value);
    changes.push(...made);
    now = made.reduce(withChange, now);
  }
  for (const [target, value] of [
    [PAY, pay.value === '' ? null : Number(pay.value)],
    [COUNTRY, country.value.toUpperCase() || null],
  ] as const)
    if (value !== null) changes.push(...fallbackChanges(target, now, value));
  const type = chosen.get('type') ?? KEPT;
  if (type !== KEPT) changes.push(...typeOfWorkChanges(workOrder, Number(type)));
  const { linkField, correlationField } = config.dispatch;
  const link = chosen.get('link') === NONE ? null : chosen.get('link');
  if (link !== undefined && link !== linkField) changes.push({ path: ['dispatch', 'linkField'], value: link });
  const correlation = chosen.get('correlation');
  if (correlation !== undefined) {
    const value = correlation === NONE ? null : Number(correlation);
    const isSame =
      correlationField === null
        ? value === null
        : fieldOf(choices.fieldNation?.fields ?? [], correlationField) === correlation;
    if (!isSame) changes.push({ path: ['dispatch', 'correlationField'], value });
  }
  return changes;
}

/** So that a later slot of the same target sees an earlier one's change. */
function withChange(workOrder: WorkOrder, { path, value }: YamlChange): WorkOrder {
  const copy = structuredClone({ workOrder }) as Record<string | number, unknown>;
  let at = copy;
  for (const key of path.slice(0, -1)) at = at[key] as typeof at;
  at[path[path.length - 1] ?? ''] = value;
  return copy.workOrder as WorkOrder;
}

async function previewTyped(
  typed: string,
  preview: (ticketId: number) => ReturnType<typeof previewOf>,
): Promise<PreviewShown> {
  const id = ticketIdOf(typed.replace(/^#/, ''));
  return id === null ? { problem: `“${typed}” is not a ticket number.` } : preview(id);
}
