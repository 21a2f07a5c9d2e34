/** The first page of set-up: all steps, and what keeps the saved settings from starting. */
import type { SettingsProblem } from '../../config/settings';
import { pageFrame } from '../../page/frame';
import { html, type Markup } from '../../page/markup';
import { pathOf, STEPS, type StepName } from './steps';

const WHAT: Record<StepName, string> = {
  freshdesk: 'Which help desk, and the key of Deskbridge’s own agent.',
  'field-nation': 'The four credentials of its API, first for its sandbox.',
  address: 'How Freshdesk and Field Nation reach Deskbridge.',
  accounts: 'Automation rules, webhook and ticket fields, made with one click each.',
  mapping: 'Which ticket field becomes what in the work order, tried on a real ticket.',
  'go-live': 'All checks, old tickets, and the limits for money.',
};

export function homeView(done: ReadonlySet<StepName>, problems: readonly SettingsProblem[]): Markup {
  const first = STEPS.find(({ name }) => !done.has(name)) ?? STEPS[0];
  return html`${
      problems.length === 0
        ? ''
        : html`<section class="panel warn" aria-label="Settings">
            <h2>The saved settings are not whole yet</h2>
            <ul>
              ${problems.map(({ name, problem, remedy }) => html`<li><strong>${name}</strong> ${problem}. ${remedy}</li>`)}
            </ul>
          </section>`
    }
    <section class="card" aria-label="Steps in words">
      <dl class="facts">
        ${STEPS.map(
          ({ name, title }) =>
            html`<dt><a href="${pathOf(name)}">${title}</a></dt>
              <dd>${WHAT[name]}${done.has(name) ? html` <span class="badge good">set</span>` : ''}</dd>`,
        )}
      </dl>
      <p class="gap">
        <a class="button main" href="${pathOf(first.name)}">${done.size === 0 ? 'Begin' : 'Go on'}: ${first.title}</a>
      </p>
    </section>`;
}

/** The page's script loads it anew until the new process answers. Nothing of the account is told: nobody is signed in to it. */
export const restartingPage = (): string =>
  pageFrame({
    ...{ title: 'Restarting', place: 'set-up', nav: [], refresh: 2 },
    body: html`<div class="narrow" data-again>
      <section class="panel note" role="status">
        <h1>Deskbridge restarts</h1>
        <p>This takes some seconds. Then <a href="/setup">go on with set-up</a>.</p>
      </section>
    </div>`,
  });
