/** Step 5: which ticket field becomes what, beside the work order of a real ticket. */
import { html, type Markup } from '../../page/markup';
import type { Proposal } from '../../setup/desk';
import { resultView, type PreviewShown } from '../status/preview-view';
import { choiceView, fieldView, problemsView, proposalView, type ChoiceView } from './parts-view';
import { pathAfter } from './steps';

export interface MappingContent {
  /** Ticket fields. */
  fields: readonly ChoiceView[];
  /** Of Field Nation. */
  others: readonly ChoiceView[];
  /** Why Field Nation's lists are not there. */
  fieldNationProblem: string | null;
  pay: { value: string; problem: string | null };
  country: { value: string; problem: string | null };
  ticket: string;
  shown: PreviewShown;
  proposal: { proposal: Proposal | null; readOnly: boolean } | null;
  problems: number;
  /** The change as a whole cannot be made. */
  refused: string | null;
}

export function mappingView(content: MappingContent): Markup {
  const { fields, others, fieldNationProblem, pay, country, ticket, shown, proposal, problems, refused } = content;
  return html`${problemsView(problems)}
    ${refused === null ? '' : html`<p class="panel bad" role="alert">${refused}</p>`}
    ${proposal ? proposalView(proposal.proposal, pathAfter('mapping'), proposal.readOnly) : ''}
    <div class="halves">
      <form class="card stack" method="post" action="/setup/mapping">
        <h2>From the ticket to the work order</h2>
        ${fields.map(choiceView)}
        ${fieldView({
          ...{ name: 'payDefault', label: 'Pay when its field is empty, in US dollars', value: pay.value },
          problem: pay.problem,
        })}
        ${fieldView({
          ...{ name: 'countryDefault', label: 'Country when its field is empty, two letters', value: country.value },
          problem: country.problem,
        })}
        <h2>In Field Nation</h2>
        ${fieldNationProblem === null ? '' : html`<p class="panel warn">${fieldNationProblem}</p>`}
        ${others.map(choiceView)}
        ${fieldView({
          ...{ name: 'ticket', label: 'Number of a real ticket', value: ticket, placeholder: '4711' },
          hint: 'To see its work order. Nothing is sent to Field Nation.',
        })}
        <div class="row">
          <button class="main" name="act" value="preview">Show the work order</button>
          <button name="act" value="change">Show the change</button>
        </div>
        <p class="soft small">
          The config file can do more: see <span class="mono">docs/mapping.md</span>.
          <a href="${pathAfter('mapping')}">Go on to going live</a>
        </p>
      </form>
      <div>
        ${
          shown === null
            ? html`<section class="card">
                <h2>Work order of a real ticket</h2>
                <p class="soft">
                  Enter the number of a ticket, and its work order appears here, with all that is missing.
                </p>
              </section>`
            : resultView(shown)
        }
      </div>
    </div>`;
}
