/** The drop-downs of the mapping: what is chosen now, what there is, and what is wrong with the choice. Pure. */
import type { Config } from '../../config/schema';
import { chosenField, SLOTS, typeOfWorkOf } from '../../config/mapping-slots';
import type { Choices } from '../../setup/mapping';
import type { ChoiceView, Option } from './parts-view';

/** Sent for "no field", and for a mapping that is kept as it is written. */
export const NONE = '-';
export const KEPT = '*';

const HINTS: Readonly<Record<string, string>> = {
  siteName: 'Empty: the name of the requester’s company.',
  date: 'Empty: the day that the ticket is due.',
  time: 'Time at the site, such as 09:00.',
  link: 'Deskbridge writes the work order’s number here.',
};

type WorkOrder = Readonly<Record<string, unknown>>;

/** `typed` is what the form sent; null for a field that it did not send. */
export function ticketChoices(
  { ticketFields }: Choices,
  workOrder: WorkOrder,
  { dispatch: { linkField } }: Config,
  typed: (name: string) => string | null,
): ChoiceView[] {
  const custom = ticketFields.filter(({ type }) => !type?.startsWith('default_'));
  const options = custom.map(({ name, label }) => ({ value: name, label: `${label ?? name} (${name})` }));
  const texts = custom.filter(({ type }) => ['custom_text', 'custom_paragraph'].includes(type ?? ''));
  const slots = SLOTS.map((slot): ChoiceView => {
    const now = chosenField(slot, workOrder);
    const none = slot.without === null ? [] : [{ value: NONE, label: 'no field' }];
    const unknown = now === null && slot.without === null ? KEPT : NONE;
    const kept = unknown === KEPT && now === null ? [{ value: KEPT, label: 'as the config file says' }] : [];
    return choiceOf(slot.name, slot.label, [...kept, ...none, ...options], typed(slot.name) ?? now ?? unknown);
  });
  const linkOptions = texts.map(({ name, label }) => ({ value: name, label: `${label ?? name} (${name})` }));
  const none = { value: NONE, label: 'no field: only notes show the work order’s number' };
  return [
    ...slots,
    choiceOf('link', 'Number of the work order', [...linkOptions, none], typed('link') ?? linkField ?? NONE),
  ];
}

function choiceOf(name: string, label: string, options: readonly Option[], chosen: string): ChoiceView {
  const isThere = options.some(({ value }) => value === chosen);
  const hint = HINTS[name];
  return {
    ...{ name, label, chosen, ...(hint === undefined ? {} : { hint }) },
    options: isThere ? options : [{ value: chosen, label: `${chosen} (not in your account)` }, ...options],
    problem: isThere ? null : `Your account has no ${chosen}. Choose another one, or make it in the step before.`,
  };
}

export function fieldNationChoices(
  { fieldNation }: Choices,
  workOrder: WorkOrder,
  { dispatch: { correlationField } }: Config,
  typed: (name: string) => string | null,
): ChoiceView[] {
  if (fieldNation === null) return [];
  const types = fieldNation.types.map(({ id, name, industry }) => ({
    ...{ value: String(id), label: [name ?? String(id), industry].filter(Boolean).join(', ') },
  }));
  const texts = fieldNation.fields.filter(({ type }) => type === 'text' || type === null);
  const fields = texts.map(({ id, name, internal }) => ({
    value: String(id),
    label: `${name ?? id}${internal ? ', internal' : ''}`,
  }));
  const now = correlationField === null ? NONE : fieldOf(texts, correlationField);
  const [proposed, ...more] = texts.filter(({ internal }) => internal);
  const isThere = now === NONE || fields.some(({ value }) => value === now);
  const first = isThere ? now : proposed && more.length === 0 ? String(proposed.id) : now;
  const type = typeOfWorkOf(workOrder);
  return [
    choiceOf(
      'type',
      'Type of work',
      [
        ...(type === null ? [{ value: KEPT, label: 'as the config file says' }] : []),
        ...types.sort((a, b) => a.label.localeCompare(b.label)),
      ],
      typed('type') ?? (type === null ? KEPT : String(type)),
    ),
    {
      ...choiceOf(
        'correlation',
        'Field that holds Deskbridge’s id',
        [{ value: NONE, label: 'none: the description’s last line alone' }, ...fields],
        typed('correlation') ?? first,
      ),
      hint: 'An internal text field is best: technicians do not see it.',
    },
  ];
}

/** The id of a field that the config names by id or name. */
export const fieldOf = (fields: readonly { id: number; name: string | null }[], named: string | number): string => {
  const same = fields.find(
    ({ id, name }) => String(id) === String(named) || name?.trim().toLowerCase() === String(named).trim().toLowerCase(),
  );
  return String(same?.id ?? named);
};
