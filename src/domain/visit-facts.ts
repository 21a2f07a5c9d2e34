/** What people know a visit by, as lists show it. Promise: short, and nothing that the mapping did not make of the ticket. */
import type { VisitFacts } from '../contract/dispatch';
import { typedText } from './text/typed';

const LONGEST = 120;

type Bag = Record<string, unknown>;
const bag = (value: unknown): Bag =>
  value && typeof value === 'object' && !Array.isArray(value) ? (value as Bag) : {};

const text = (value: unknown): string | null => typedText(value, LONGEST);

export const NO_FACTS: VisitFacts = { subject: null, site: null, technician: null, start: null, pay: null };

/** Facts of a ticket; with its payload those of the work order, too. `cost` in USD; null: it has no bound. */
export function factsOf(
  subject: unknown,
  mapped: { payload: Bag; cost: number | null } | null = null,
): Partial<VisitFacts> {
  if (mapped === null) return { subject: text(subject) };
  const { location, schedule } = mapped.payload;
  const { display_name: name, city } = bag(location);
  const site = [text(name), text(city)].filter((part) => part !== null).join(', ');
  return {
    subject: text(subject),
    site: text(site),
    start: startOf(bag(bag(schedule).service_window).start),
    pay: mapped.cost === null ? null : `${mapped.cost} USD`,
  };
}

/** `2027-03-02T15:00:00Z`, or the time at the site without a zone: `2027-03-02 09:00:00`. */
function startOf(start: unknown): string | null {
  const { utc, local } = bag(start);
  if (typeof utc === 'string') return text(`${utc.replace(' ', 'T').replace(/Z$/, '')}Z`);
  const { date, time } = bag(local);
  return text([text(date), text(time)].filter((part) => part !== null).join(' '));
}

export const technicianOf = (provider: { first_name: string; last_name: string } | null): string | null =>
  provider === null ? null : text(`${provider.first_name} ${provider.last_name}`);
