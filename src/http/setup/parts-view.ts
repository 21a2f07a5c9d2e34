/** Fields, findings and proposed changes, as every step shows them. */
import type { Finding } from '../../checks/finding';
import { html, type Markup } from '../../page/markup';
import type { Proposal } from '../../setup/desk';

export interface FieldView {
  /** Of the form field. */
  name: string;
  label: string;
  value?: string;
  /** Below the label. */
  hint?: unknown;
  /** What is wrong with what was typed, and what to do; null: nothing. */
  problem?: string | null;
  secret?: boolean;
  required?: boolean;
  placeholder?: string;
  /** The setting that comes from outside of `.env`: it is shown, not changed. */
  lockedBy?: string | null;
}

export interface Option {
  value: string;
  label: string;
}

export interface ChoiceView {
  name: string;
  label: string;
  hint?: string;
  options: readonly Option[];
  chosen: string;
  problem: string | null;
}

export function fieldView(field: FieldView): Markup {
  const { name, label, value = '', hint, problem = null, secret, required, placeholder, lockedBy = null } = field;
  const described = [hint || lockedBy ? `${name}-hint` : '', problem === null ? '' : `${name}-problem`]
    .join(' ')
    .trim();
  return html`<div class="field">
    <label for="${name}">${label}</label>
    ${
      hint || lockedBy
        ? html`<p class="soft small" id="${name}-hint">
            ${lockedBy === null ? hint : html`The environment sets <span class="mono">${lockedBy}</span>. Change it there.`}
          </p>`
        : ''
    }
    <input
      id="${name}"
      name="${name}"
      value="${secret ? '' : value}"
      autocomplete="off"
      spellcheck="false"
      ${secret ? html`type="password"` : ''}
      ${required && lockedBy === null ? 'required' : ''}
      ${lockedBy === null ? '' : 'disabled'}
      ${placeholder ? html`placeholder="${placeholder}"` : ''}
      ${described === '' ? '' : html`aria-describedby="${described}"`}
      ${problem === null ? '' : html`aria-invalid="true"`}
    />
    ${problemView(name, problem)}
  </div>`;
}

export const choiceView = ({ name, label, hint, options, chosen, problem }: ChoiceView): Markup =>
  html`<div class="field">
    <label for="${name}">${label}</label>
    ${hint === undefined ? '' : html`<p class="soft small" id="${name}-hint">${hint}</p>`}
    <select
      id="${name}"
      name="${name}"
      ${problem === null && hint === undefined ? '' : html`aria-describedby="${problem === null ? `${name}-hint` : `${name}-problem`}"`}
      ${problem === null ? '' : html`aria-invalid="true"`}
    >
      ${options.map(
        ({ value, label: words }) =>
          html`<option value="${value}" ${value === chosen ? 'selected' : ''}>${words}</option>`,
      )}
    </select>
    ${problemView(name, problem)}
  </div>`;

export const problemView = (name: string, problem: string | null): Markup | '' =>
  problem === null ? '' : html`<p class="fault" id="${name}-problem">${problem}</p>`;

/** Above a form with problems, so that screen readers hear of them. */
export const problemsView = (count: number): Markup | '' =>
  count === 0
    ? ''
    : html`<p class="panel bad" role="alert">
        ${count === 1 ? 'One thing is not right yet. It is named at its field.' : `${count} things are not right yet. Each is named at its field.`}
      </p>`;

/** The change that a button makes; null: it changes nothing. `readOnly`: a person puts it where it belongs. */
export function proposalView(proposal: Proposal | null, next: string, readOnly: boolean): Markup {
  if (proposal === null) {
    return html`<section class="panel good" aria-label="Change">
      <h2>Saved already</h2>
      <p>Nothing would change. <a href="${next}">Go on to the next step</a></p>
    </section>`;
  }
  const { id, files } = proposal;
  return html`<section class="card" aria-labelledby="change">
    <h2 id="change">${readOnly ? 'Put this into your settings' : 'This changes'}</h2>
    ${files.map(
      ({ file, lines }) =>
        html`<h3 class="mono">${file}</h3>
          <pre class="diff">
${lines.map(({ sign, text }) => (sign === '+' ? html`<ins>+ ${text}</ins>${'\n'}` : html`<del>- ${text}</del>${'\n'}`))}</pre>`,
    )}
    ${
      readOnly
        ? html`<p class="soft">Deskbridge writes nothing here. Secrets are shown as dots: use what you typed.</p>`
        : html`<p class="soft small">
              The file before this change is kept beside it, as
              <span class="mono">${files.map(({ file }) => `${file.split('/').at(-1)}.before`).join(', ')}</span>.
            </p>
            <form class="gap" method="post" action="/setup/save">
              <input type="hidden" name="proposal" value="${id}" />
              <button class="main">Save</button>
            </form>`
    }
  </section>`;
}

const LOOKS = { green: 'good', yellow: 'warn', red: 'bad' } as const;
const WORDS = { green: 'fine', yellow: 'look', red: 'to do' } as const;

export const findingsView = (findings: readonly Finding[]): Markup =>
  html`<ul class="findings">
    ${findings.map(
      ({ level, what, detail, remedy }) =>
        html`<li>
          <span class="badge ${LOOKS[level]}">${WORDS[level]}</span>
          <div><strong>${what}</strong> ${detail}${remedy === null ? '' : html`<p class="soft">${remedy}</p>`}</div>
        </li>`,
    )}
  </ul>`;
