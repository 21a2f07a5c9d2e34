/** Step 4: what is missing in the accounts, shown before it is made, one click each. */
import { ruleLines } from '../../setup/rule-lines';
import type { FreshdeskSetup, RuleState } from '../../setup/freshdesk';
import { html, type Markup } from '../../page/markup';
import type { SeenFreshdesk, SeenWebhook } from '../../setup/make';
import type { Proposal } from '../../setup/desk';
import { findingsView, proposalView } from './parts-view';
import { pathAfter, pathOf } from './steps';
import { triggerChoice, triggerView } from './trigger-view';

export interface AccountsContent {
  freshdesk: SeenFreshdesk;
  webhook: SeenWebhook | { problem: string };
  publicUrl: string | null;
  /** What was just made, in words. */
  made: string | null;
  /** Why it was not. */
  problem: string | null;
  /** The status that was just chosen, and what would change by it. */
  trigger: { typed: string; proposal: Proposal | null; readOnly: boolean } | null;
}

export function accountsView({ freshdesk, webhook, publicUrl, made, problem, trigger }: AccountsContent): Markup {
  return html`${made === null ? '' : html`<p class="panel good" role="status">${made}</p>`}
    ${problem === null ? '' : html`<p class="panel bad" role="alert">${problem}</p>`}
    ${
      publicUrl === null
        ? html`<p class="panel note">
            Rules and webhook call Deskbridge: <a href="/setup/address">enter its public address first</a>.
          </p>`
        : ''
    }
    ${trigger === null ? '' : proposalView(trigger.proposal, pathOf('accounts'), trigger.readOnly)}
    ${
      'problem' in freshdesk
        ? html`<p class="panel warn">${freshdesk.problem}</p>`
        : freshdeskView(freshdesk, publicUrl !== null, trigger?.typed ?? null)
    }
    ${webhookView(webhook)}
    <p><a class="button" href="${pathAfter('accounts')}">Go on to the mapping</a></p>`;
}

function freshdeskView(setup: FreshdeskSetup, hasAddress: boolean, status: string | null): Markup {
  const { rules, rulesSeen, fieldsToMake, missing } = setup;
  const others = missing.filter(({ what }) => !what.startsWith('dispatch.when.statuses'));
  const toMake = rules.filter(({ state }) => state === 'missing');
  const canMake = rulesSeen && hasAddress && toMake.length > 0;
  return html`${triggerView(setup, triggerChoice(setup, status))} ${fieldsView(setup)}
    <section class="card" aria-labelledby="rules">
      <h2 id="rules">Automation rules in Freshdesk</h2>
      <p class="soft">They report new and changed tickets to Deskbridge at once.</p>
      ${
        rulesSeen
          ? ''
          : html`<p class="panel warn gap">
              This key may not see rules: only an administrator's may. Enter the rules by hand, as shown below.
            </p>`
      }
      ${rules.map((rule) => ruleView(rule, setup))}
      ${
        canMake
          ? html`<form class="gap" method="post" action="/setup/accounts/rules">
              <button class="main">Make ${toMake.length === 1 ? 'this rule' : `these ${toMake.length} rules`}</button>
            </form>`
          : ''
      }
    </section>
    ${
      others.length > 0 && fieldsToMake.length === 0
        ? html`<section class="card" aria-labelledby="names">
            <h2 id="names">The config names what Freshdesk lacks</h2>
            ${findingsView(others)}
          </section>`
        : ''
    }`;
}

const TYPES = { custom_text: 'single-line text', custom_date: 'date', custom_decimal: 'decimal' } as const;

function fieldsView({ fieldsToMake }: FreshdeskSetup): Markup | '' {
  if (fieldsToMake.length === 0) return '';
  return html`<section class="card" aria-labelledby="fields">
    <h2 id="fields">Fields in Freshdesk</h2>
    <p class="soft">The mapping reads these. You can also choose fields that you have, in the next step.</p>
    <ul>
      ${fieldsToMake.map(
        ({ of, label, name, type }) =>
          html`<li>
            ${label} <span class="soft">(${of} field, ${TYPES[type]}, <span class="mono">${name}</span>)</span>
          </li>`,
      )}
    </ul>
    <form class="gap" method="post" action="/setup/accounts/fields">
      <button class="main">
        Make ${fieldsToMake.length === 1 ? 'this field' : `these ${fieldsToMake.length} fields`}
      </button>
    </form>
    <p class="soft small gap">Customers neither see nor fill them. Making fields needs an administrator's key.</p>
  </section>`;
}

const LOOKS: Record<RuleState['state'], string> = {
  'already there': 'good',
  made: 'good',
  'to be corrected': 'warn',
  missing: 'warn',
  'not proven': 'bad',
};

function ruleView(rule: RuleState, setup: FreshdeskSetup): Markup {
  const lines = ruleLines(rule, setup).map(([name, text]): [string, string] =>
    name === 'Header'
      ? [name, 'X-Webhook-Secret: the secret, which `deskbridge setup freshdesk` prints']
      : [name, text],
  );
  return html`<div class="gap">
    <div class="row">
      <span class="badge ${setup.rulesSeen ? LOOKS[rule.state] : 'warn'}"
        >${setup.rulesSeen ? rule.state : 'to be compared'}</span
      >
      <strong>${rule.rule.name}</strong>
    </div>
    ${rule.problems.map((problem) => html`<p class="fault">${problem}</p>`)}
    <details>
      <summary>What it does<span class="unseen">: ${rule.rule.name}</span></summary>
      <dl class="facts">
        ${lines.map(
          ([name, text]) =>
            html`<dt>${name}</dt>
              <dd>${text}</dd>`,
        )}
      </dl>
    </details>
  </div>`;
}

function webhookView(webhook: AccountsContent['webhook']): Markup {
  if ('problem' in webhook) return html`<p class="panel warn">${webhook.problem}</p>`;
  const { state, url } = webhook;
  return html`<section class="card" aria-labelledby="webhook">
    <h2 id="webhook">Webhook in Field Nation</h2>
    <div class="row">
      <span class="badge ${state === 'there' ? 'good' : 'warn'}">${state === 'there' ? 'already there' : state}</span>
      <span class="mono">${url}</span>
    </div>
    <p class="soft gap">It reports each step of a work order to Deskbridge: assigned, checked in, work done.</p>
    <form class="gap" method="post" action="/setup/accounts/webhook">
      <button class="${state === 'there' ? '' : 'main'}">
        ${state === 'there' ? 'Send the secret again' : 'Make the webhook'}
      </button>
    </form>
  </section>`;
}
