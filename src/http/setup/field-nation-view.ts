/** Step 2: Field Nation's credentials, and which of its two worlds they are for. */
import { html, type Markup } from '../../page/markup';
import type { FieldNationTested } from '../../setup/accounts';
import type { Proposal } from '../../setup/desk';
import { fieldView, problemsView, problemView, proposalView } from './parts-view';
import { pathAfter } from './steps';

/** Roots of the API. Source: Field Nation contract 1. */
export const FIELD_NATION_SANDBOX = 'https://api-sandbox.fndev.net';
export const FIELD_NATION_PRODUCTION = 'https://api.fieldnation.com';

export const CREDENTIAL_FIELDS = [
  { name: 'clientId', setting: 'FIELD_NATION_CLIENT_ID', label: 'Client id' },
  { name: 'clientSecret', setting: 'FIELD_NATION_CLIENT_SECRET', label: 'Client secret' },
  { name: 'username', setting: 'FIELD_NATION_USERNAME', label: 'User name' },
  { name: 'password', setting: 'FIELD_NATION_PASSWORD', label: 'Password' },
] as const;

/** `played`: Deskbridge plays Field Nation beside the real Freshdesk. */
export const WORLDS = ['sandbox', 'production', 'other', 'played'] as const;
export type World = (typeof WORLDS)[number];

const LABELS: Record<World, string> = {
  sandbox: 'Field Nation’s sandbox: nothing costs money. Begin here.',
  production: 'Production: published work orders reach technicians and cost money.',
  other: 'Another address, such as a proxy.',
  played: 'No account yet: Deskbridge plays Field Nation. No technician ever comes.',
};

export interface FieldNationContent {
  world: World;
  baseUrl: string;
  problems: Readonly<Record<string, string>>;
  /** All four are stored; none is ever shown. */
  hasCredentials: boolean;
  locked: (name: string) => string | null;
  tested: { result: FieldNationTested | null; proposal: Proposal | null; readOnly: boolean } | null;
}

export function fieldNationView(content: FieldNationContent): Markup {
  const { world, baseUrl, problems, hasCredentials, locked, tested } = content;
  const lock = locked('FIELD_NATION_BASE_URL') ?? locked('FIELD_NATION_SANDBOX');
  return html`${problemsView(Object.keys(problems).length)}
    ${
      tested
        ? html`${
            tested.result
              ? html`<section class="panel good" role="status">
                  <h2>${tested.result.host} answers</h2>
                  <p>It accepts these credentials. This user may read work orders.</p>
                </section>`
              : ''
          }
          ${proposalView(tested.proposal, pathAfter('field-nation'), tested.readOnly)}`
        : ''
    }
    <form class="card stack" method="post" action="/setup/field-nation">
      <fieldset ${lock === null ? '' : 'disabled'}>
        <legend>Environment</legend>
        ${lock === null ? '' : html`<p class="soft small">The environment sets <span class="mono">${lock}</span>. Change it there.</p>`}
        ${WORLDS.map(
          (one) =>
            html`<label class="check">
              <input type="radio" name="world" value="${one}" ${one === world ? 'checked' : ''} /> ${LABELS[one]}
            </label>`,
        )}
        ${problemView('world', problems.world ?? null)}
      </fieldset>
      <details ${world === 'other' ? 'open' : ''}>
        <summary>Another address</summary>
        ${fieldView({
          ...{ name: 'baseUrl', label: 'Address for API calls', value: baseUrl, problem: problems.baseUrl ?? null },
          hint: html`Its root, without <span class="mono">/api/rest/v2</span>.`,
          lockedBy: locked('FIELD_NATION_BASE_URL'),
        })}
      </details>
      <p class="soft small">
        Ask your account manager at Field Nation, or its support, for an API client: a client id and a client secret for
        the sandbox, and others for production. Make a user named “Deskbridge” there: work orders carry this name.
      </p>
      ${CREDENTIAL_FIELDS.map(({ name, setting, label }) =>
        fieldView({
          ...{ name, label, secret: true, problem: problems[name] ?? null, lockedBy: locked(setting) },
          ...(hasCredentials ? { hint: 'Stored. Leave this empty to keep it.' } : {}),
        }),
      )}
      <div class="row">
        <button class="main">Test connection</button>
        <a href="${pathAfter('field-nation')}">Later: product events become contacts without Field Nation</a>
      </div>
    </form>`;
}
