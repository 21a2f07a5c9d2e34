/** Step 1: which Freshdesk account, and its key. */
import { html, type Markup } from '../../page/markup';
import type { FreshdeskTested } from '../../setup/accounts';
import type { Proposal } from '../../setup/desk';
import { fieldView, findingsView, problemsView, proposalView } from './parts-view';
import { pathAfter } from './steps';

export interface FreshdeskForm {
  address: string;
  baseUrl: string;
}

export interface FreshdeskContent {
  form: FreshdeskForm;
  /** By name of the field. */
  problems: Readonly<Record<string, string>>;
  /** A key is stored; it is never shown. */
  hasKey: boolean;
  locked: (name: string) => string | null;
  tested: { result: FreshdeskTested; proposal: Proposal | null; readOnly: boolean } | null;
}

export function freshdeskView({ form, problems, hasKey, locked, tested }: FreshdeskContent): Markup {
  return html`${problemsView(Object.keys(problems).length)} ${tested ? testedView(tested) : ''}
    <form class="card stack" method="post" action="/setup/freshdesk">
      ${fieldView({
        ...{ name: 'address', label: 'Address of your help desk', value: form.address, required: true },
        ...{ placeholder: 'https://acme.freshdesk.com', problem: problems.address ?? null },
        hint: 'Paste it from your browser. Any page of it will do.',
        lockedBy: locked('FRESHDESK_DOMAIN'),
      })}
      ${fieldView({
        ...{ name: 'key', label: 'API key', secret: true, required: !hasKey, problem: problems.key ?? null },
        hint: hasKey
          ? 'A key is stored. Leave this empty to keep it.'
          : 'In Freshdesk, sign in as an agent named “Deskbridge”. Open your picture, Profile settings, View API Key.',
        lockedBy: locked('FRESHDESK_API_KEY'),
      })}
      <details ${form.baseUrl === '' ? '' : 'open'}>
        <summary>Freshdesk is behind a proxy</summary>
        ${fieldView({
          ...{ name: 'baseUrl', label: 'Address for API calls', value: form.baseUrl },
          ...{ problem: problems.baseUrl ?? null, hint: 'Leave this empty unless calls go through another address.' },
          lockedBy: locked('FRESHDESK_BASE_URL'),
        })}
      </details>
      <p class="soft small">
        Use this agent for nothing else: Deskbridge takes its changes for its own. The agent edits tickets and contacts.
        An administrator's key can also make the automation rules and fields for you.
      </p>
      <div class="row"><button class="main">Test connection</button></div>
    </form>`;
}

function testedView({ result, proposal, readOnly }: NonNullable<FreshdeskContent['tested']>): Markup {
  const { findings, administrator, limit, region, host } = result;
  return html`<section class="panel good" role="status" aria-labelledby="tested">
      <h2 id="tested">${host} answers</h2>
      ${findingsView(findings)}
      <dl class="facts">
        <dt>Rights</dt>
        <dd>
          ${
            administrator
              ? 'administrator: Deskbridge can make the rules and fields for you'
              : 'agent: you make the rules and fields by hand, or use an administrator’s key for that step'
          }
        </dd>
        <dt>Calls a minute</dt>
        <dd>
          ${limit === null ? 'Freshdesk did not say' : `${limit} in your plan; Deskbridge uses up to ${Math.floor(limit / 2)}`}
        </dd>
        ${
          region === null
            ? ''
            : html`<dt>Region</dt>
                <dd>${region}, by the agent’s time zone: for phone numbers without a country code</dd>`
        }
      </dl>
    </section>
    ${proposalView(proposal, pathAfter('freshdesk'), readOnly)}`;
}
