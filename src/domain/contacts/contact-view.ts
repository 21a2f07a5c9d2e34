/** What a contact's run shows from outside: to queries, in its memo, as its result. */
import type { ContactMemo, ContactOutcome, ContactResult, ContactView } from '../../contract/contact';
import { listedOf } from './carried';
import type { ContactRun } from './contact-run';

const MOST_LISTED = 50;

/** How the newest event ended that was not just a repeat; a run that only remembers a no counts as that. */
export function outcomeOf({ known: { outcomes }, memory }: ContactRun): ContactOutcome | null {
  const last = outcomes.findLast(({ outcome }) => outcome !== 'duplicate') ?? outcomes.at(-1);
  return last?.outcome ?? (memory.withdrawn.length > 0 ? 'withdrawn' : null);
}

export function viewOf(run: ContactRun): ContactView {
  const { input, known, memory } = run;
  const { account, links } = input;
  const { contactId } = memory;
  const outcome = run.hasWork ? null : outcomeOf(run);
  return {
    workflowId: run.workflowId,
    account,
    state: known.attention ? 'attention' : (outcome ?? 'waiting'),
    contactId,
    attention: known.attention,
    events: [...known.outcomes],
    links: { contact: contactId === null ? null : `${links.contacts}${contactId}`, workflow: links.workflow },
  };
}

export const memoOf = (run: ContactRun): ContactMemo => ({
  ...run.memory,
  state: viewOf(run).state,
  events: listedOf(run.known).slice(-MOST_LISTED),
});

export const resultOf = (run: ContactRun): ContactResult => ({ ...viewOf(run), kept: run.known.kept });
