/** What Freshdesk's answers about contacts mean, and how a contact is found. Source: Freshdesk contract 9. */
import type { Contact, FreshdeskClient } from '../src/clients/freshdesk';
import { UpstreamError, type UpstreamFieldError } from '../src/clients/upstream-error';
import type { MappedContact } from '../src/contract/contact';
import type { Clash, ContactWritten } from '../src/contract/contact-write';
import { emailsOf, holdsEither, isPhoneAlone } from '../src/domain/contacts/holder';

/** A contact that is younger than our first attempt is our own, even when the clocks differ by so much. */
const CLOCKS_DIFFER_MS = 5 * 60 * 1000;

export const statusOf = (error: unknown): number | null => (error instanceof UpstreamError ? error.status : null);

/** Null instead of one of these statuses. */
export async function unless<T>(statuses: readonly number[], call: Promise<T>): Promise<T | null> {
  return call.catch((error: unknown) => {
    if (statuses.includes(statusOf(error) ?? 0)) return null;
    throw error;
  });
}

/** What Freshdesk finds wrong with the values; anything else is thrown again. */
export function rejected(error: unknown): ContactWritten {
  const status = statusOf(error);
  if (status !== 400 && status !== 422) throw error;
  const { errors, message } = error as UpstreamError;
  const said = errors.map(({ field, message, code }) => `${field ?? 'the contact'}: ${message} (${code ?? status})`);
  const what = said.length > 0 ? said.join('; ') : message;
  return { result: 'rejected', detail: `Freshdesk refused ${what}. ${remedyFor(errors)}`.slice(0, 1000) };
}

function remedyFor(errors: UpstreamFieldError[]): string {
  const custom = errors.find(({ field }) => field?.startsWith('custom_fields'));
  if (custom?.code === 'invalid_field' || errors.some(({ code }) => code === 'invalid_field')) {
    return 'The field does not exist in Freshdesk: add it there (Admin > Contact Fields), or correct contacts.customFields in the config file.';
  }
  if (errors.some(({ code }) => code === 'missing_field')) {
    return 'Freshdesk requires the field: map it under contacts.customFields in the config file, or make it optional (Admin > Contact Fields).';
  }
  return 'Correct the value where the event is sent, or allow it in Freshdesk (Admin > Contact Fields).';
}

export function clashOf(errors: UpstreamFieldError[]): Clash {
  const holders = new Set(errors.flatMap(({ holderId }) => holderId ?? []));
  return {
    fields: errors.map(({ field }) => field ?? 'value'),
    holderId:
      holders.size === 1 && errors.every(({ holderId }) => holderId !== null) ? ([...holders][0] as number) : null,
    severalHolders: holders.size > 1,
  };
}

/** Whoever holds the values of a clash, as far as that is one. */
export async function holdersOf(
  freshdesk: FreshdeskClient,
  { severalHolders, holderId }: Clash,
  { email }: MappedContact,
  signal: AbortSignal,
): Promise<number[]> {
  if (severalHolders) return [];
  const id = holderId ?? (await holderOfEmail(freshdesk, email, signal));
  return id === null ? [] : [id];
}

/** Which of them an earlier attempt of ours made, though its answer was lost; null when none is. */
export async function createdByUs(
  freshdesk: FreshdeskClient,
  contact: MappedContact,
  ids: readonly number[],
  { since, signal }: { since: number; signal: AbortSignal },
): Promise<Contact | null> {
  for (const id of ids) {
    const holder = await unless([404, 405], freshdesk.viewContact(id, signal));
    if (!holder || holder.deleted) continue;
    const isNew = Date.parse(holder.created_at ?? '') >= since - CLOCKS_DIFFER_MS;
    if (isNew && isAsSent(holder, contact)) return holder;
  }
  return null;
}

/** All that was sent is there, and no user id that was not: else another event made it, and this one's values would be lost. */
function isAsSent(
  holder: Contact,
  { tags, custom_fields: custom = {}, company_id: _, ...values }: MappedContact,
): boolean {
  const holds = (known: object, [field, value]: [string, unknown]): boolean =>
    (known as Record<string, unknown>)[field] === value;
  return (
    holder.unique_external_id === (values.unique_external_id ?? null) &&
    Object.entries(values).every((sent) => holds(holder, sent)) &&
    Object.entries(custom).every((sent) => holds(holder.custom_fields ?? {}, sent)) &&
    tags.every((tag) => holder.tags.includes(tag))
  );
}

export async function holderOfEmail(
  freshdesk: FreshdeskClient,
  email: string | undefined,
  signal: AbortSignal,
): Promise<number | null> {
  if (email === undefined) return null;
  const found = await freshdesk.findContactsByEmail(email, signal);
  return found.find((candidate) => emailsOf(candidate).includes(email))?.id ?? null;
}

/**
 * All live contacts that hold an identifier of the person. `isSure` false: Freshdesk does not look user ids up here, so that
 * there may be another one.
 */
export async function findPerson(
  freshdesk: FreshdeskClient,
  { contact, knownId }: { contact: MappedContact; knownId: number | null },
  signal: AbortSignal,
): Promise<{ ids: number[]; isSure: boolean }> {
  const { email, phone, unique_external_id: userId } = contact;
  const ids = new Set<number>();
  let isSure = true;
  const add = (found: readonly Contact[]): void => {
    for (const one of found) if (holdsEither(one, contact)) ids.add(one.id);
  };
  const known = knownId === null ? null : await unless([404, 405], freshdesk.viewContact(knownId, signal));
  if (known && !known.deleted) add([known]);
  if (email !== undefined) add(await freshdesk.findContactsByEmail(email, signal));
  if (userId !== undefined) {
    const found = await unless([400], freshdesk.findContactsBy('unique_external_id', userId, signal));
    isSure = found?.every((one) => one.unique_external_id === userId) ?? false;
    add(found ?? []);
  }
  if (isPhoneAlone(contact) && phone !== undefined) {
    add(await freshdesk.findContactsBy('phone', phone, signal));
  }
  return { ids: [...ids], isSure };
}
