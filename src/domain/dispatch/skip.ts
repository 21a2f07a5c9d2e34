/** Tickets that get no visit, and why. Source: interface, section 8. */
import type { Dispatch } from './dispatch';

export const SKIPPED = {
  'no-match': 'The ticket matches no rule: nothing of it is named in dispatch.when of the config file.',
  closed: 'The ticket matches the rule but is already resolved or closed. Reopen it, or run `deskbridge dispatch`.',
  barred: (why: string | null) =>
    `The ticket matches the rule, but ${why ?? 'dispatch.only kept it out when it came to match'}. To send somebody all the same, run \`deskbridge dispatch\`.`,
  gone: 'The ticket is deleted, marked as spam or cannot be found.',
  before:
    'The ticket matched already when Deskbridge was set up. Run `deskbridge dispatch` to send somebody, or take the trigger off and set it again.',
  linked: 'The ticket names a work order that Deskbridge does not know, and a person let that stand.',
  bulk: 'The ticket was dispatched with many others, but has a work order already. To send somebody, run `deskbridge dispatch`.',
  final: 'The work order of this ticket is over. To send somebody again, run `deskbridge dispatch`.',
} as const;

/** With earlier visits there is a state worth showing; only without any the dispatch is over. */
export function skip(dispatch: Dispatch, why: string): void {
  const { memory, newest } = dispatch;
  if (!newest && memory.skipped === why) return;
  if (!newest) memory.skipped = why;
  dispatch.note('Skipped', why);
}
