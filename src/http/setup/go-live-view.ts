/** Step 6: the list before going live, each point checked as it is now. */
import type { Finding } from '../../checks/finding';
import type { DispatchingState } from '../../temporal/dispatching';
import { html, type Markup } from '../../page/markup';
import type { Proposal } from '../../setup/desk';
import { plural } from '../status/words';
import { fieldView, findingsView, problemsView, proposalView } from './parts-view';
import { pathOf } from './steps';

export interface GoLiveForm {
  afterCreate: string;
  payAbove: string;
  ordersPerHour: string;
}

/** A point of the list: `is` null cannot be seen from here. */
export interface Point {
  is: boolean | null;
  text: string;
  /** What to do where it is not so. */
  todo: unknown;
}

export interface GoLiveContent {
  findings: readonly Finding[];
  points: readonly Point[];
  /** Null: Temporal could not be asked. */
  baseline: DispatchingState['baseline'] | null;
  /** Null: the config file has mistakes, which the findings name. */
  form: GoLiveForm | null;
  problems: Readonly<Record<string, string>>;
  proposal: { proposal: Proposal | null; readOnly: boolean } | null;
}

const ORDER = { red: 0, yellow: 1, green: 2 } as const;

export function goLiveView(content: GoLiveContent): Markup {
  const { findings, points, baseline, form, problems, proposal } = content;
  const sorted = [...findings].sort((a, b) => ORDER[a.level] - ORDER[b.level]);
  const open = sorted.filter(({ level }) => level !== 'green');
  const red = open.filter(({ level }) => level === 'red').length;
  const fine = sorted.filter(({ level }) => level === 'green');
  return html`${problemsView(Object.keys(problems).length)}
    ${proposal ? proposalView(proposal.proposal, pathOf('go-live'), proposal.readOnly) : ''}
    <section class="panel ${red > 0 ? 'bad' : open.length > 0 ? 'warn' : 'good'}" aria-labelledby="checks">
      <h2 id="checks">
        ${red > 0 ? `${plural(red, 'check fails', 'checks fail')}` : open.length > 0 ? `Nothing fails; look at ${plural(open.length, 'point')}` : 'All checks are fine'}
      </h2>
      ${findingsView(open.map(withArea))}
      <p><a href="${pathOf('go-live')}">Check again</a></p>
    </section>
    ${
      fine.length === 0
        ? ''
        : html`<details class="card">
            <summary>${plural(fine.length, 'check is', 'checks are')} fine</summary>
            ${findingsView(fine.map(withArea))}
          </details>`
    }
    <section class="card" aria-labelledby="list">
      <h2 id="list">Before you go live</h2>
      <ul class="findings">
        ${points.map(
          ({ is, text, todo }) =>
            html`<li>
              <span class="badge ${is === true ? 'good' : is === false ? 'warn' : ''}"
                >${is === true ? 'done' : is === false ? 'to do' : 'you'}</span
              >
              <div><strong>${text}</strong>${is === true ? '' : html`<p class="soft">${todo}</p>`}</div>
            </li>`,
        )}
      </ul>
    </section>
    ${baseline === null ? '' : baselineView(baseline)} ${form === null ? '' : moneyForm(form, problems)}`;
}

/** The remedy that is at hand here, in the place of a command. */
const withArea = ({ area, what, remedy, ...rest }: Finding): Finding => ({
  ...{ ...rest, area, what: `${area}: ${what}` },
  remedy: remedy !== null && /deskbridge setup/.test(remedy) ? 'Open “Rules and fields” above.' : remedy,
});

const baselineView = ({ count, more, waitsBefore }: DispatchingState['baseline']): Markup =>
  html`<section class="card" aria-labelledby="old">
    <h2 id="old">Old tickets</h2>
    <p>
      ${
        waitsBefore !== null
          ? 'Deskbridge still counts the tickets that have a trigger already.'
          : count === 0
            ? 'No ticket had a trigger before Deskbridge could dispatch.'
            : `${more ? 'More than ' : ''}${plural(count, 'ticket')} had a trigger before Deskbridge could dispatch. They start nothing by themselves.`
      }
      Deskbridge counts them at its first start with your accounts.
    </p>
  </section>`;

const AFTER: readonly [value: string, words: string][] = [
  ['draft', 'Only make a draft. A person looks at it in Field Nation and publishes it there. Begin here.'],
  ['publish', 'Publish each work order at once. Technicians see it.'],
];

const moneyForm = ({ afterCreate, payAbove, ordersPerHour }: GoLiveForm, problems: GoLiveContent['problems']): Markup =>
  html`<form class="card stack" method="post" action="/setup/go-live">
    <h2>Money</h2>
    <fieldset>
      <legend>After a work order is made</legend>
      ${AFTER.map(
        ([value, words]) =>
          html`<label class="check">
            <input type="radio" name="afterCreate" value="${value}" ${value === afterCreate ? 'checked' : ''} />
            ${words}
          </label>`,
      )}
      ${afterCreate === 'route' ? html`<p class="soft small">Now: route to a provider, as the config file says.</p>` : ''}
    </fieldset>
    ${fieldView({
      ...{ name: 'payAbove', label: 'Ask a person above this pay, in US dollars', value: payAbove },
      ...{ problem: problems.payAbove ?? null, hint: 'Empty: no such limit.' },
    })}
    ${fieldView({
      ...{ name: 'ordersPerHour', label: 'Ask a person beyond this many work orders an hour', value: ordersPerHour },
      ...{ problem: problems.ordersPerHour ?? null, hint: 'Empty: no such limit.' },
    })}
    <div class="row"><button class="main">Show the change</button></div>
  </form>`;
