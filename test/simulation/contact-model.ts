/** Freshdesk's contacts as a few lines: unique addresses and user ids, tags and other addresses replaced, 409 and 404 as documented. */
import type { Contact, ContactAttributes, FreshdeskClient } from '../../src/clients/freshdesk';
import { UpstreamError } from '../../src/clients/upstream-error';

/** `not made` and `lost` have no answer: without the effect, and with it. */
export type CallEnd = 'answered' | 'not made' | 'lost' | 'refused';

export interface FreshdeskModel {
  client: FreshdeskClient;
  contacts: Map<number, Contact>;
  /** Every write, as it was asked for. */
  writes: { id: number; before: Contact | null; attributes: ContactAttributes }[];
}

type Taken = { field: string; holderId: number };

const fault = (status: number | null, fields: Taken[] = []): UpstreamError =>
  new UpstreamError({
    ...{ system: 'freshdesk', phase: status === null ? 'no-answer' : 'answered', status, code: null, call: 'a call' },
    message: `answer ${status}`,
    ...{ retryAfterMs: null, requestId: null },
    errors: fields.map((one) => ({ ...one, message: 'It should be a unique value', code: 'duplicate_value' })),
  });

/** `turn` comes before each call: others may go first, and it says how the call ends. */
export function freshdeskModel(turn: () => Promise<CallEnd>, now: () => number): FreshdeskModel {
  const contacts = new Map<number, Contact>();
  const writes: FreshdeskModel['writes'] = [];
  const all = (): Contact[] => [...contacts.values()];
  const emails = ({ email, other_emails: others }: { email?: string | null; other_emails?: string[] }): string[] =>
    [email ?? '', ...(others ?? [])].filter((one) => one !== '');
  const clashes = (id: number | null, given: ContactAttributes): Taken[] =>
    all()
      .filter((other) => other.id !== id)
      .flatMap((other) => [
        ...(emails(given).some((email) => emails(other).includes(email))
          ? [{ field: 'email', holderId: other.id }]
          : []),
        ...(given.unique_external_id && given.unique_external_id === other.unique_external_id
          ? [{ field: 'unique_external_id', holderId: other.id }]
          : []),
      ]);
  const write = (id: number, before: Contact | null, attributes: ContactAttributes): Contact => {
    const taken = clashes(before ? id : null, attributes);
    if (taken.length > 0) throw fault(409, taken);
    const empty = { name: null, email: null, phone: null, unique_external_id: null, company_id: null, job_title: null };
    const made = {
      ...empty,
      other_emails: [],
      tags: [],
      deleted: false,
      created_at: new Date(now()).toISOString(),
      ...before,
      ...attributes,
      id,
    } as unknown as Contact;
    writes.push({ id, before, attributes });
    contacts.set(id, made);
    return made;
  };
  const known = (id: number): Contact => {
    const contact = contacts.get(id);
    if (!contact) throw fault(404);
    return contact;
  };
  const afterTurn =
    <A extends unknown[], R>(call: (...args: A) => R) =>
    async (...args: A): Promise<R> => {
      const end = await turn();
      if (end === 'refused') throw fault(401);
      if (end === 'not made') throw fault(null);
      const answer = call(...args);
      if (end === 'lost') throw fault(null);
      return answer;
    };
  const client = {
    createContact: afterTurn((attributes: ContactAttributes) => write(contacts.size + 1, null, attributes)),
    updateContact: afterTurn((id: number, attributes: ContactAttributes) => write(id, known(id), attributes)),
    viewContact: afterTurn((id: number) => ({ ...known(id) })),
    findContactsByEmail: afterTurn((email: string) => all().filter((contact) => emails(contact).includes(email))),
    findContactsBy: afterTurn((field: 'phone' | 'unique_external_id', value: string) =>
      all().filter((contact) => contact[field] === value),
    ),
  };
  return { client: client as unknown as FreshdeskClient, contacts, writes };
}
