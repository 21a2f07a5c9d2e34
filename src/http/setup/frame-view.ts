/** What stands around each step: where the reader is, what is saved but not in force yet, and why nothing may be written. */
import { html, type Markup } from '../../page/markup';
import { pathOf, STEPS, type StepName } from './steps';

/** What all steps show. */
export interface Standing {
  /** Steps whose settings are there. */
  done: ReadonlySet<StepName>;
  /** Saved settings wait for a restart. */
  pending: boolean;
  /** The page may restart this process; false: a person does. */
  canRestart: boolean;
  /** Why the settings of the last restart were not taken; null: they were. */
  refused: string | null;
  /** Why nothing can be written here. */
  readOnly: string | null;
  /** A change was just saved. */
  saved: boolean;
  /** The step uses the width of the window. */
  wide: boolean;
}

export function stepView(step: StepName | null, lead: string, standing: Standing, body: unknown): Markup {
  const title = STEPS.find(({ name }) => name === step)?.title ?? 'Set up Deskbridge';
  return html`<div class="${standing.wide ? '' : 'narrow'}">
    <div class="head">
      <h1>${title}</h1>
      <p class="lead">${lead}</p>
    </div>
    ${stages(step, standing.done)} ${notices(standing)} ${body}
  </div>`;
}

const stages = (now: StepName | null, done: ReadonlySet<StepName>): Markup =>
  html`<nav aria-label="Steps">
    <ol class="stages">
      ${STEPS.map(
        ({ name, title }, index) =>
          html`<li>
            <a href="${pathOf(name)}" ${name === now ? html`aria-current="step"` : ''}
              ><span aria-hidden="true">${done.has(name) ? '✓' : index + 1}</span> ${title}${
                done.has(name) ? html`<span class="unseen"> (done)</span>` : ''
              }</a
            >
          </li>`,
      )}
    </ol>
  </nav>`;

function notices({ pending, canRestart, refused, readOnly, saved }: Standing): Markup {
  return html`${
    refused === null
      ? ''
      : html`<section class="panel bad" role="alert">
          <h2>The saved settings could not start</h2>
          <p class="text">${refused}</p>
          <p class="gap">Deskbridge goes on with the settings from before. Correct them here, and restart again.</p>
        </section>`
  }
  ${readOnly === null ? '' : html`<p class="panel note">${readOnly}</p>`}
  ${saved ? html`<p class="panel good" role="status">Saved.</p>` : ''} ${pending ? restartNotice(canRestart) : ''}`;
}

const restartNotice = (canRestart: boolean): Markup =>
  html`<section class="panel warn" aria-label="Restart">
    <h2>Saved settings wait for a restart</h2>
    ${
      canRestart
        ? html`<p>You can finish the other steps first. A restart takes some seconds; no webhook is lost.</p>
            <form class="gap" method="post" action="/setup/restart">
              <button>Restart Deskbridge</button>
            </form>`
        : html`<p>
            Stop this process and start it again, and all other processes of Deskbridge too: press Ctrl-C and run
            <span class="mono">npm start</span>, or <span class="mono">sudo systemctl restart deskbridge</span>.
          </p>`
    }
  </section>`;
