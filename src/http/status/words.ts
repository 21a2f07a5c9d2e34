/** How the pages say states, reasons and times. */
import type { Attention, AttentionReason, DispatchState } from '../../contract/dispatch';
import type { ContactView } from '../../contract/contact';
import { momentText, withMoments } from '../../domain/moments';
import { html, type Markup } from '../../page/markup';

type Tone = 'on' | 'good' | 'bad' | 'warn' | '';

const STATES: Record<DispatchState, [label: string, tone: Tone]> = {
  starting: ['Starting', 'on'],
  creating: ['Creating', 'on'],
  dispatched: ['Dispatched', 'on'],
  assigned: ['Assigned', 'on'],
  'on-site': ['On site', 'on'],
  'work-done': ['Work done', 'good'],
  completed: ['Completed', 'good'],
  cancelled: ['Cancelled', ''],
  skipped: ['Skipped', ''],
  attention: ['Needs a person', 'bad'],
};

const CONTACT_STATES: Record<ContactView['state'], [label: string, tone: Tone]> = {
  waiting: ['Under way', 'on'],
  attention: ['Needs a person', 'bad'],
  created: ['Created', 'good'],
  updated: ['Updated', 'good'],
  'already-exists': ['Exists already', ''],
  unchanged: ['Unchanged', ''],
  duplicate: ['Duplicate', ''],
  withdrawn: ['Consent withdrawn', ''],
  conflict: ['Conflict', 'warn'],
  rejected: ['Rejected', 'bad'],
};

const REASONS: Record<AttentionReason, string> = {
  unauthorized: 'The API key or its rights were rejected',
  rejected: 'A value was rejected',
  mapping: 'The ticket lacks something for the work order',
  'not-found': 'Something is not there any more',
  conflict: 'Two things contradict each other',
  decision: 'A decision is needed',
  ambiguous: 'More than one work order may exist',
  approval: 'Money needs your yes',
  unavailable: 'The other side has failed for too long',
};

const badge = ([label, tone]: [string, Tone]): Markup => html`<span class="badge ${tone}">${label}</span>`;

export const stateLabel = (state: DispatchState): string => STATES[state][0];
export const stateBadge = (state: DispatchState): Markup => badge(STATES[state]);
export const contactBadge = (state: ContactView['state']): Markup => badge(CONTACT_STATES[state]);
export const reasonWords = (reason: AttentionReason): string => REASONS[reason];

/** What a remedy tells to type, by the button that does the same here. */
const BUTTONS: [command: RegExp, button: (reason: AttentionReason) => string][] = [
  [/(?:run )?`deskbridge retry \d+`/gi, (reason) => `press “${retryLabel(reason)}”`],
  [/(?:run )?`deskbridge approve \d+`/gi, () => 'press “Approve”'],
  [/(?:run )?`deskbridge cancel \d+[^`]*`/gi, () => 'press “Cancel…”'],
  [/(?:run )?`deskbridge dispatch \d+`/gi, () => 'use “Dispatch a ticket” on the first page'],
];

export const retryLabel = (reason: AttentionReason): string =>
  reason === 'decision' ? 'Keep the work order' : 'I fixed it – try again';

/** The remedy of an attention, for a page that has buttons. */
export const pageRemedy = ({ remedy, reason }: Attention): string =>
  BUTTONS.reduce(
    (text, [command, button]) => text.replace(command, (found) => capitalLike(found, button(reason))),
    remedy,
  );

const capitalLike = (model: string, text: string): string =>
  /^[A-Z]/.test(model) ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;

const UNITS: [name: string, ms: number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
];

/** A span of time in its largest unit, such as `3 h`; with a decimal below ten seconds. */
export function span(ms: number): string {
  const [name, size] = UNITS.find(([, unit]) => ms >= unit) ?? ['s', 1000];
  const value = ms / size;
  return `${ms < 9950 ? Number(value.toFixed(1)) : Math.floor(value)} ${name}`;
}

/** `3 min ago`; the exact time is one hover away. */
export const ago = (at: string | number, now = Date.now()): Markup => {
  const time = new Date(at);
  const ms = now - time.getTime();
  return html`<time datetime="${time.toISOString()}" data-local="title" title="${time.toISOString()}"
    >${ms < 5000 ? 'just now' : `${span(ms)} ago`}</time
  >`;
};

/** The time itself: in UTC, and by the reader's clock once the script runs. */
export const moment = (at: string): Markup =>
  html`<time datetime="${at}" data-local="full">${at.slice(0, 19).replace('T', ' ')} UTC</time>`;

/** To the minute; by the reader's clock without the day where it is today. */
export const near = (at: string): Markup => html`<time datetime="${at}" data-local="near">${momentText(at)}</time>`;

/** A sentence, with its times by the reader's clock. */
export const timed = (text: string): (Markup | string)[] => withMoments(text, near);

export const hourOf = (at: string): Markup =>
  html`<time datetime="${at}" data-local="hour">${at.slice(11, 16)} UTC</time>`;

/** Never rounded up to a hundred. */
export const percent = (part: number, whole: number): string => `${Math.floor((part / whole) * 100)} %`;

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
