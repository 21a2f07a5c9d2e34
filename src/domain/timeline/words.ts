/**
 * A timeline's entry in the words of a help desk. Promise: total and pure; an entry that no rule knows is told as it is, and
 * nothing is left out.
 */
import type { TimelineEntry } from '../../contract/dispatch';
import { eventWords } from './event-words';

export interface ToldEntry {
  /** When Deskbridge learned of it. */
  at: string;
  text: string;
  detail: string | null;
  /** When it happened, by Field Nation's clock; null: not told. ISO 8601. */
  happened: string | null;
  tone: 'good' | 'bad' | '';
  /** Of no interest unless somebody looks for a fault: echoes of our own calls, and late or repeated news. */
  folded: boolean;
}

/** `name of time, person`, as a dispatch writes of an event. */
const LABEL = /^(\S+?)(?: of (\d{4}-\d\d-\d\dT[\d:.]+Z))?(?:, (.+))?$/;

interface Rule {
  when: RegExp;
  /** `[text, detail]`; `found` is what `when` matched. */
  say: (found: RegExpExecArray, detail: string | null) => [text: string, detail: string | null];
  tone?: ToldEntry['tone'];
  folded?: boolean;
}

const CHOICE: Record<string, string> = {
  ask: 'Your settings say: ask a person.',
  cancel: 'Your settings say: cancel the work order.',
  keep: 'Your settings say: keep the work order.',
};

const numberIn = (detail: string | null): string => /\d+/.exec(detail ?? '')?.[0] ?? '';

/** The text alone, with the detail as it is. */
const as =
  (text: string): Rule['say'] =>
  (_found, detail) => [text, detail];
/** The text alone; the detail holds our own words or numbers. */
const only =
  (text: string): Rule['say'] =>
  () => [text, null];

const RULES: Rule[] = [
  { when: /^Begun$/, say: (_, detail) => [detail ?? 'The dispatch began', null] },
  { when: /^Mapped$/, say: only('Deskbridge prepared the work order from the ticket') },
  {
    when: /^Work order created$/,
    say: (_, detail) => [`Deskbridge created work order ${numberIn(detail)} in Field Nation`, null],
    tone: 'good',
  },
  {
    when: /^Work order (found.*|taken over)$/,
    say: (_, detail) => [`Deskbridge found work order ${numberIn(detail)} in Field Nation and follows it`, null],
    tone: 'good',
  },
  { when: /^Linked$/, say: only('Deskbridge saved the work order number on the ticket') },
  { when: /^Published$/, say: only('Deskbridge published the work order'), tone: 'good' },
  { when: /^Routed$/, say: only('Deskbridge sent the work order to the chosen technician'), tone: 'good' },
  { when: /^Left as a draft$/, say: only('Deskbridge left the work order as a draft; publish it in Field Nation') },
  {
    when: /^Create unanswered$/,
    say: (_, detail) => [
      'Field Nation did not answer. Deskbridge checks whether the work order was created before it tries again',
      detail,
    ],
  },
  { when: /^No work order found$/, say: only('No work order was created. Deskbridge creates it again') },
  { when: /^Work order updated$/, say: as('Deskbridge sent the ticket’s changes to the work order') },
  {
    when: /^Change refused by Field Nation$/,
    say: as('Field Nation rejected a change of the work order'),
    tone: 'bad',
  },
  {
    when: /^Ticket updated$/,
    say: (_, detail) => [`Deskbridge updated the ticket: ${keyWords(detail)}`, null],
  },
  {
    when: /^Private note written$/,
    say: (_, detail) => [`Deskbridge wrote a private note on the ticket: ${keyWords(detail)}`, null],
  },
  { when: /^Message posted$/, say: as('Deskbridge sent a note of the ticket to Field Nation') },
  { when: /^File uploaded$/, say: only('Deskbridge sent a file of the ticket to Field Nation') },
  { when: /^Files brought to the ticket$/, say: only('Deskbridge attached the technician’s files to the ticket') },
  { when: /^Cancelled in Field Nation$/, say: as('Deskbridge cancelled the work order in Field Nation') },
  { when: /^Retry$/, say: (_, detail) => [retryWords(detail), null] },
  { when: /^Retry without effect$/, say: only('A retry had no effect: money waits for an approval') },
  { when: /^Cancel without effect$/, say: (_, detail) => ['A cancel had no effect', detail] },
  { when: /^Cancel$/, say: (_, detail) => ['A person cancelled the visit', detail] },
  { when: /^Kept$/, say: (_, detail) => [detail ?? 'A person chose to keep it as it is', null] },
  {
    when: /^(?:The t|T)icket (?:\d+ )?was (.+)$/,
    say: ([, what], detail) => {
      const choice = /^By the config: (\w+)$/.exec(detail ?? '')?.[1];
      return [`The ticket was ${what}`, choice === undefined ? detail : (CHOICE[choice] ?? detail)];
    },
  },
  { when: /^Attention: (.+)$/, say: (_, detail) => ['Deskbridge needs a person', detail], tone: 'bad' },
  { when: /^Read in Field Nation$/, say: as('Deskbridge looked at the work order') },
];

/** Tells what the entry of our own create has told; orders of others have no timeline. */
const CREATED = 'workorder.created';

/** Entries about an event, by what was done with it. */
const EVENTS: Record<string, { before: string; folded: boolean }> = {
  Event: { before: '', folded: false },
  'Event of our own call': { before: 'Field Nation confirmed our change: ', folded: true },
  'Event, told already': { before: 'Repeated news: ', folded: true },
  'Event, older than what is known': { before: 'Late news, ignored: ', folded: true },
  'Event, not checked': { before: 'Not checked, too many at once: ', folded: true },
};

export function told(entry: TimelineEntry): ToldEntry {
  const { at, what, detail, said } = entry;
  const event = Object.hasOwn(EVENTS, what) ? EVENTS[what] : undefined;
  const label = event && LABEL.exec(detail ?? '');
  if (event && label) {
    const [, name = '', happened = null, person = null] = label;
    const words = eventWords(name, person);
    const text = event.before === '' ? words.text : `${event.before}${words.text}`;
    const folded = event.folded || name === CREATED;
    return { at, text, detail: null, happened, tone: folded ? '' : words.tone, folded };
  }
  for (const { when, say, tone = '', folded = false } of RULES) {
    const found = when.exec(what);
    if (!found) continue;
    const [text, more] = say(found, detail);
    const words = [more, said].filter((part) => part !== null && part !== undefined).join(': ');
    return { at, text, detail: words === '' ? null : words, happened: null, tone, folded };
  }
  return { at, text: what, detail, happened: null, tone: '', folded: false };
}

/** `work-done: 4` as `work done`. */
const keyWords = (detail: string | null): string => (detail ?? '').replace(/:.*$/s, '').replaceAll('-', ' ');

const retryWords = (detail: string | null): string =>
  detail === 'The keys work again'
    ? 'The API keys work again, so Deskbridge tries again'
    : `${(detail ?? '').replace(/ asked for it$/, '') || 'A person'} asked Deskbridge to try again`;
