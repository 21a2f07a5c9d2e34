/** Which ticket status asks for a technician. A list sent to Freshdesk would replace the account's own: a person adds one. */
import type { FreshdeskSetup } from '../../setup/freshdesk';
import { html, type Markup } from '../../page/markup';
import { choiceView, type ChoiceView } from './parts-view';

type Trigger = Pick<FreshdeskSetup, 'when' | 'statuses'>;

/** Sent for a rule that is kept as it is written. */
const KEPT = '*';

/** `typed` is what the form sent; null: the config file says it. */
export function triggerChoice({ when, statuses }: Trigger, typed: string | null): ChoiceView {
  const [only, ...more] = when.statuses.map(String);
  const there = statuses.map((label) => ({ value: label, label }));
  const isOne = only !== undefined && more.length === 0;
  const kept = only === undefined ? 'no status' : 'as the config file says';
  const isLacking = isOne && !statuses.includes(only);
  const options = [
    ...(isOne ? [] : [{ value: KEPT, label: kept }]),
    ...(isLacking ? [{ value: only, label: `${only} (not in your account)` }] : []),
    ...there,
  ];
  const chosen = typed ?? (isOne ? only : KEPT);
  const lacks = `Your account has no ${only}. Choose another status, or add this one as shown below.`;
  return {
    ...{ name: 'status', label: 'Ticket status', options, chosen },
    hint: 'An agent sets it on a ticket that needs a technician.',
    problem: !options.some(({ value }) => value === chosen)
      ? 'Choose one of these.'
      : isLacking && chosen === only
        ? lacks
        : null,
  };
}

/** The list to write; null: it stays. */
export const triggerChange = (choice: ChoiceView): string[] | null => (choice.chosen === KEPT ? null : [choice.chosen]);

export function triggerView({ when, statuses }: Trigger, choice: ChoiceView): Markup {
  const lacking = when.statuses.map(String).filter((label) => !statuses.includes(label) && !/^\d+$/.test(label));
  return html`<section class="card" aria-labelledby="trigger">
    <h2 id="trigger">What asks for a technician</h2>
    <form class="stack" method="post" action="/setup/accounts/trigger">
      ${choiceView(choice)}
      <div class="row"><button>Show the change</button></div>
    </form>
    ${when.tags.length === 0 ? '' : html`<p class="soft small gap">So does the tag ${when.tags.join(', ')}.</p>`}
    ${lacking.length === 0 ? '' : toAdd(lacking)}
  </section>`;
}

const toAdd = (labels: readonly string[]): Markup =>
  html`<p class="gap">To add it, open Admin › Ticket Fields › Status in Freshdesk, press Add choice, and fill in:</p>
    <dl class="facts gap">
      <dt>Label for agents</dt>
      <dd>${labels.join(', ')}</dd>
      <dt>Label for customers</dt>
      <dd>Being processed</dd>
      <dt>SLA timer</dt>
      <dd>on</dd>
    </dl>
    <p class="soft small gap">
      Deskbridge does not add it: Freshdesk takes only a whole list of statuses, which could replace your own.
    </p>`;
