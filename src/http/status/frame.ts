/** The frame of the service's own pages. */
import { pageFrame, type NavLink } from '../../page/frame';
import { html, type Markup } from '../../page/markup';

/** Where else an operator looks; null: not known here. */
export interface PageLinks {
  temporal: string | null;
  sandbox: string | null;
}

export type PageName = 'dispatches' | 'contacts' | 'events' | 'preview' | 'audit' | 'setup' | 'none';

export interface StatusPage {
  title: string;
  body: Markup;
  name: PageName;
  /** In seconds; see `Frame`. */
  refresh?: number;
}

export interface Surroundings {
  account: string;
  links: PageLinks;
  /** Somebody is signed in and may sign out. */
  signedIn: boolean;
  /** This process has the set-up pages. */
  hasSetup: boolean;
}

export function statusPage({ account, links, signedIn, hasSetup }: Surroundings, page: StatusPage): string {
  const nav: NavLink[] = [
    { label: 'Dispatches', href: '/', current: page.name === 'dispatches' },
    { label: 'Contacts', href: '/contacts', current: page.name === 'contacts' },
    { label: 'Events', href: '/events', current: page.name === 'events' },
    { label: 'Mapping preview', href: '/preview', current: page.name === 'preview' },
    { label: 'Audit', href: '/audit', current: page.name === 'audit' },
    ...(hasSetup ? [{ label: 'Set up', href: '/setup', current: page.name === 'setup' }] : []),
    ...(links.temporal ? [{ label: 'Temporal', href: links.temporal, outside: true }] : []),
    ...(links.sandbox ? [{ label: 'Sandbox', href: links.sandbox, outside: true }] : []),
  ];
  const signOut = html`<form class="inline" method="post" action="/sign-out">
    <button class="link">Sign out</button>
  </form>`;
  return pageFrame({ ...page, place: account, nav, ...(signedIn ? { aside: signOut } : {}) });
}

/** Nothing of the account is told to whom is not signed in. `next` is where the reader wanted to go. */
export function signInPage({ next, wrong, form }: { next: string; wrong: boolean; form: boolean }): string {
  const body = form
    ? html`<form class="card stack" method="post" action="/sign-in">
        <div>
          <h1>Sign in</h1>
          <p class="soft">
            Enter an admin token (the <span class="mono">ADMIN_TOKEN</span> setting), or run
            <span class="mono">deskbridge sign-in</span> for a link.
          </p>
        </div>
        ${wrong ? html`<p class="panel bad" id="wrong" role="alert">That is not the admin token.</p>` : ''}
        <input type="hidden" name="next" value="${next}" />
        <label>
          Admin token
          <input
            name="token"
            type="password"
            autocomplete="current-password"
            required
            autofocus
            ${wrong ? html`aria-invalid="true" aria-describedby="wrong"` : ''}
          />
        </label>
        <button class="main">Sign in</button>
      </form>`
    : html`<div class="card">
        <h1>Not from here</h1>
        <p class="gap">
          Without an admin token this page answers only browsers on the machine that Deskbridge runs on, and none that
          come through a proxy.
        </p>
        <p class="gap">
          Set <span class="mono">ADMIN_TOKEN</span> and start Deskbridge again; then you can sign in from here.
        </p>
      </div>`;
  return pageFrame({ title: 'Sign in', place: 'status', nav: [], body: html`<div class="sign-in">${body}</div>` });
}

/** The button of a sign-in link; the page's script takes the code out of the address. */
export function linkPage(wrong: boolean): string {
  const body = html`<form class="card stack" method="post" action="/sign-in">
    <div>
      <h1>Sign in</h1>
      <p class="soft">This link signs one browser in, once.</p>
    </div>
    ${
      wrong
        ? html`<p class="panel bad" role="alert">
            This link was used, or is older than 10 minutes. Run <span class="mono">deskbridge sign-in</span> for a new
            one.
          </p>`
        : ''
    }
    <input type="hidden" name="code" value="" data-from-fragment />
    <button class="main">Sign in</button>
    <p class="soft">Without scripts, <a href="/">sign in with the admin token</a>.</p>
  </form>`;
  return pageFrame({ title: 'Sign in', place: 'status', nav: [], body: html`<div class="sign-in">${body}</div>` });
}
