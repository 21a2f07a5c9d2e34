/** Step 3: the public address, and what to run for it. */
import { html, type Markup } from '../../page/markup';
import type { Proposal } from '../../setup/desk';
import type { Reached } from '../../checks/reach';
import { ago } from '../status/words';
import { fieldView, problemsView, proposalView } from './parts-view';
import { pathAfter } from './steps';

export interface AddressContent {
  url: string;
  problem: string | null;
  locked: string | null;
  tested: { reached: Reached | 'here'; proposal: Proposal | null; readOnly: boolean } | null;
  run: RunAs;
  heard: { freshdesk: number | null; fieldNation: number | null };
}

/** With what this process runs. */
export interface RunAs {
  port: number;
  folder: string;
  user: string;
  npm: string;
}

export function addressView({ url, problem, locked, tested, run, heard }: AddressContent): Markup {
  const host = URL.canParse(url) ? new URL(url).hostname : 'desk.example.com';
  return html`${problemsView(problem === null ? 0 : 1)}
    ${
      tested
        ? html`${reachedView(tested.reached)} ${proposalView(tested.proposal, pathAfter('address'), tested.readOnly)}`
        : ''
    }
    <form class="card stack" method="post" action="/setup/address">
      ${fieldView({
        ...{ name: 'url', label: 'Public address', value: url, required: true, problem, lockedBy: locked },
        ...{ placeholder: 'https://desk.example.com' },
        hint: 'Freshdesk and Field Nation call it, so it begins with https://.',
      })}
      <div class="row"><button class="main">Send a test webhook</button></div>
    </form>
    <section class="card" aria-labelledby="heard">
      <h2 id="heard">Webhooks heard</h2>
      <dl class="facts" id="heard-times" data-live>
        <dt>Freshdesk</dt>
        <dd>${heard.freshdesk === null ? 'none since the start' : ago(heard.freshdesk)}</dd>
        <dt>Field Nation</dt>
        <dd>${heard.fieldNation === null ? 'none since the start' : ago(heard.fieldNation)}</dd>
      </dl>
      <p class="soft small gap">
        These are real ones. Change a ticket in Freshdesk to see that its rule reaches Deskbridge.
      </p>
    </section>
    <section class="card" aria-labelledby="run">
      <h2 id="run">What to run</h2>
      <p class="soft">Deskbridge speaks plain http on this machine. A tunnel or proxy adds https.</p>
      <details class="more" id="tunnel">
        <summary>A tunnel, for a trial</summary>
        <pre>${`cloudflared tunnel --url http://127.0.0.1:${run.port}`}</pre>
        <p class="soft small">It prints an address, another one at each start. Enter that one above.</p>
      </details>
      <details class="more" id="caddy">
        <summary>Caddy, with a certificate of its own</summary>
        <pre>${caddy(host, run)}</pre>
      </details>
      <details class="more" id="nginx">
        <summary>nginx, with a certificate that you have</summary>
        <pre>${nginx(host, run)}</pre>
      </details>
      <details class="more" id="systemd">
        <summary>A service that starts with the machine</summary>
        <p class="soft small">
          Save this as <span class="mono">/etc/systemd/system/deskbridge.service</span>, stop this process, and run
          <span class="mono">sudo systemctl enable --now deskbridge</span>.
        </p>
        <pre>${unit(run)}</pre>
      </details>
      <p class="soft small gap">
        To keep these pages inside your network, publish <span class="mono">/webhooks</span> and
        <span class="mono">/v1</span> only.
      </p>
    </section>`;
}

const OTHER = 'Another Deskbridge answers there. That is right only if several servers run for this account.';

const REACHED: Record<Reached | 'here', [look: string, words: string]> = {
  here: ['good', 'The test webhook reached this Deskbridge.'],
  accepted: ['warn', OTHER],
  'other-secret': ['warn', OTHER],
  else: ['warn', 'Another program answers there, not Deskbridge. Check that the proxy passes POST requests on.'],
  silent: ['warn', 'Nothing answers there yet. Start the tunnel or proxy; you can save the address before.'],
};

function reachedView(reached: Reached | 'here'): Markup {
  const [look, words] = REACHED[reached];
  return html`<p class="panel ${look}" role="status">${words}</p>`;
}

const caddy = (host: string, { port }: RunAs): string => `${host} {
  reverse_proxy 127.0.0.1:${port}
}`;

const nginx = (host: string, { port }: RunAs): string => `server {
  listen 443 ssl;
  server_name ${host};
  ssl_certificate     /etc/ssl/${host}.pem;
  ssl_certificate_key /etc/ssl/${host}.key;
  client_max_body_size 1m;
  location / {
    proxy_pass http://127.0.0.1:${port};
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto https;
  }
}`;

const unit = ({ folder, user, npm }: RunAs): string => `[Unit]
Description=Deskbridge
After=network-online.target
Wants=network-online.target

[Service]
User=${user}
WorkingDirectory=${folder}
ExecStart=${npm} start
Restart=on-failure
TimeoutStopSec=40

[Install]
WantedBy=multi-user.target`;
