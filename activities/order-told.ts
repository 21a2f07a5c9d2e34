/**
 * What an event does not tell of its order and technician. Promise: one read of the order at most an attempt, and one of
 * the technician for the e-mail address, which no order holds; each only where the status names such words. A ticket never
 * waits longer for them than two attempts.
 */
import { activityInfo, ApplicationFailure } from '@temporalio/activity';
import type { FieldNationClient } from '../src/clients/field-nation';
import type { Config } from '../src/config/schema';
import { fieldPaths } from '../src/domain/mapping';
import type { OrderContents } from '../src/contract/order-contents';
import { contentsOf } from '../src/domain/order-contents';
import { completed, type OrderEvent } from '../src/domain/order-event';
import type { EffectInput } from '../src/contract/effect-calls';

import type { Upstream } from './upstream';
import { asEvent } from './order-ref';

export interface OrderToldDeps {
  fieldNation: Pick<FieldNationClient, 'viewWorkOrder' | 'viewUser'>;
  config: { current(): Config };
  upstream: Upstream;
}

/** Paths that only the order, or an event with the whole of it, can fill; every event with the whole of it does. */
const ORDER_WORDS =
  /^(provider\.|workOrder\.(title|closing_notes|closingNotes|time_logs|timeLogs|schedule|eta|milestones)\b)/;

/** Paths that a part of the order fills, which an event may lack for want of room. */
const PART_WORDS: [RegExp, keyof OrderContents][] = [
  [/^workOrder\.(pay|cost|expenses)\b/, 'pay'],
  [/^workOrder\.location\b/, 'location'],
  [/^workOrder\.schedule\.(?!service_window\.start\.utc$)/, 'schedule'],
  [/^workOrder\.timeLogs\.(?!hours$)/, 'time_logs'],
  [/^workOrder\.customFields\b/, 'custom_fields'],
  [/^workOrder\.tasks\b/, 'tasks'],
  [/^workOrder\.signatures\b/, 'signatures'],
  [/^provider\.(phone|cell)$/, 'contact'],
];

/** Paths that every order fills: an event without the value did not tell it. */
const ALWAYS: [string, 'title' | 'start'][] = [
  ['workOrder.title', 'title'],
  ['workOrder.schedule.service_window.start.utc', 'start'],
];

const ATTEMPTS = 2;

/** Nobody but a provider does the work: an event of it without one has a form of its own. */
const tellsLittle = (event: OrderEvent | null, key: EffectInput['key']): boolean =>
  event === null || event.thin === true || (key === 'work-done' && event.provider === null);

/** True where the status names words that the event lacks and the order may hold. */
export function lacksWords(config: Config, { key, event }: Pick<EffectInput, 'key' | 'event'>): boolean {
  const paths = pathsOf(config, key);
  if (tellsLittle(event, key) && paths.some((path) => ORDER_WORDS.test(path))) return true;
  if (ALWAYS.some(([path, part]) => (event?.[part] ?? null) === null && paths.includes(path))) return true;
  const told = event?.contents ?? {};
  return PART_WORDS.some(([words, part]) => told[part] === undefined && paths.some((path) => words.test(path)));
}

function pathsOf(config: Config, key: EffectInput['key']): string[] {
  const effect = key === 'draft' ? undefined : config.status[key];
  return effect
    ? [effect.note ?? '', ...Object.values(effect.fields)].flatMap(fieldPaths).map((path) => path.trim())
    : [];
}

/** The input with the words that its event lacks; as it is where nothing is lacking or Field Nation does not answer. */
export async function withOrderTold(input: EffectInput, deps: OrderToldDeps): Promise<EffectInput> {
  let told = input;
  try {
    told = await withOrder(input, deps);
    return await withEmail(told, deps);
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    if (error.nonRetryable || activityInfo().attempt >= ATTEMPTS) return told;
    throw error;
  }
}

async function withOrder(input: EffectInput, { fieldNation, config, upstream }: OrderToldDeps): Promise<EffectInput> {
  const { key, event, workOrderId, at } = input;
  if (workOrderId === null || activityInfo().attempt > ATTEMPTS || !lacksWords(config.current(), input)) return input;
  const order = await upstream('field-nation', (signal) => fieldNation.viewWorkOrder(workOrderId, signal));
  const whole = { ...asEvent(order, { key, at }), contents: contentsOf(order) };
  return { ...input, event: event === null ? whole : completed(event, whole) };
}

async function withEmail(input: EffectInput, { fieldNation, config, upstream }: OrderToldDeps): Promise<EffectInput> {
  const { key, event } = input;
  const userId = event?.provider?.id ?? null;
  const contact = event?.contents?.contact;
  if (event === null || userId === null || contact?.email !== undefined || activityInfo().attempt > ATTEMPTS)
    return input;
  if (!pathsOf(config.current(), key).includes('provider.email')) return input;
  const { email } = await upstream('field-nation', (signal) => fieldNation.viewUser(userId, signal));
  if (email === null) return input;
  return { ...input, event: { ...event, contents: { ...event.contents, contact: { ...contact, email } } } };
}
