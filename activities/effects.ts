/**
 * What a work order's status does to the ticket, decided from the config of today. Promise: a pure decision; nothing is
 * written here. Source: interface, section 7, key `status`.
 */
import type { FieldNationClient } from '../src/clients/field-nation';
import type { FreshdeskClient } from '../src/clients/freshdesk';
import type { Ticket } from '../src/clients/freshdesk/schemas';
import type { Config } from '../src/config/schema';
import { escapeHtml, fieldPaths, fieldValues, renderTemplate, type MappingSources } from '../src/domain/mapping';
import { momentText } from '../src/domain/moments';
import type { NewsKey, StatusKey } from '../src/domain/status';
import type { Directory } from './directory';
import { embedsOf, withFieldNames } from './map-ticket';
import { withOrderTold } from './order-told';
import { eventWords, orderWords, providerWords } from './order-words';
import type { Upstream } from './upstream';
import { viewTicket } from './view-ticket';
import type { EffectInput, EffectPlan, EffectDecision } from '../src/contract/effect-calls';

/** Paths of the ticket that are known without reading it. */
const NEEDS_TICKET = /^ *ticket\.(?! *id *$)/;

function sourcesOf(input: EffectInput, ticket: Ticket | { id: number }): MappingSources {
  const { event } = input;
  return {
    ticket,
    account: input.account,
    correlationId: input.correlationId,
    visit: input.visit,
    workOrder: {
      ...{ id: input.workOrderId, url: input.workOrderUrl, title: event?.title ?? null, status: input.key },
      ...orderWords(input),
    },
    provider: providerWords(event),
    event: {
      name: event?.name ?? input.key,
      timestamp: input.at === null ? null : momentText(input.at),
      ...eventWords(event),
    },
  };
}

/**
 * The note's HTML: the template's, or its text with line breaks kept, and a last line that names this effect and no other.
 * Null when a template of nothing but optional parts has nothing to say.
 */
function noteOf(template: string, sources: MappingSources, input: EffectInput): EffectPlan['note'] {
  // Closed at its end: no marker is the beginning of another one.
  const marker = `${input.correlationId} ${input.key} ${input.at ?? 'now'}`;
  const rendered = renderTemplate(template, sources, { escape: 'html' }).trim().replace(/ {2,}/g, ' ');
  if (rendered === '') return null;
  const text = /<[a-z]/i.test(template) ? rendered : rendered.replace(/\r?\n/g, '<br>');
  return { body: `<div>${text}</div><div><small>Deskbridge ${marker}</small></div>`, marker };
}

type StatusEffect = NonNullable<Config['status'][StatusKey]>;

const writesTicket = ({ ticketStatus, fields, addTags, removeTags }: StatusEffect): boolean =>
  ticketStatus !== null || Object.keys(fields).length + addTags.length + removeTags.length > 0;

const pathsOf = ({ note, fields }: StatusEffect): string[] =>
  [note ?? '', ...Object.values(fields)].flatMap(fieldPaths);

const needsTicket = (effect: StatusEffect): boolean => pathsOf(effect).some((path) => NEEDS_TICKET.test(path));

const effectOf = ({ status }: Config, key: EffectInput['key']): StatusEffect | undefined =>
  key === 'draft' ? undefined : status[key];

/** The statuses that write to the ticket without reading it before: deciding and writing can be one call. */
export const writingStatuses = ({ status }: Config): (StatusKey | NewsKey)[] =>
  (Object.entries(status) as [StatusKey | NewsKey, StatusEffect | undefined][]).flatMap(([key, effect]) =>
    effect && writesTicket(effect) && !needsTicket(effect) ? [key] : [],
  );

/** Total: whatever the config and the event hold, there is an answer. `ticket` is null where it has not been read. */
export function decideEffect(
  config: Config,
  input: EffectInput,
  ticket: Ticket | { id: number } | null,
): EffectDecision {
  const effect = effectOf(config, input.key);
  if (!effect) return null;
  if (ticket === null && needsTicket(effect)) return 'needs-ticket';
  const sources = sourcesOf(input, ticket ?? { id: input.ticketId });
  const { values: fields, refused } = fieldValues(effect.fields, sources);
  const told = refused.map((line) => `<p>${escapeHtml(line)}</p>`).join('');
  const note = (effect.note ?? '') + told;
  return {
    update: writesTicket(effect)
      ? { status: effect.ticketStatus, fields, addTags: effect.addTags, removeTags: effect.removeTags }
      : null,
    note: note === '' ? null : noteOf(note, sources, input),
  };
}

export interface EffectActivitiesDeps {
  freshdesk: FreshdeskClient;
  fieldNation: FieldNationClient;
  directory: Directory;
  config: { current(): Config };
  upstream: Upstream;
}

export const createEffectActivities = ({
  freshdesk,
  fieldNation,
  directory,
  config,
  upstream,
}: EffectActivitiesDeps) => ({
  /** Decides without any call, but for the one read of the order that a thin event calls for. */
  async planEffect(input: EffectInput): Promise<EffectDecision> {
    // The ticket is read first where the config needs it: that decides again.
    if (decideEffect(config.current(), input, null) === 'needs-ticket') return 'needs-ticket';
    return decideEffect(config.current(), await withOrderTold(input, { fieldNation, config, upstream }), null);
  },

  /** The same after reading the ticket, for templates that name it. */
  async planEffectWithTicket(given: EffectInput): Promise<EffectPlan | null> {
    const input = await withOrderTold(given, { fieldNation, config, upstream });
    return upstream('freshdesk', async (signal) => {
      const effect = effectOf(config.current(), input.key);
      const include = effect ? embedsOf(pathsOf(effect)) : [];
      const ticket = await viewTicket({ freshdesk, directory }, input.ticketId, include, signal);
      const named = await withFieldNames(config.current().status, ticket, directory, signal);
      const decision = decideEffect(config.current(), input, named);
      return decision === 'needs-ticket' ? null : decision;
    });
  },
});
