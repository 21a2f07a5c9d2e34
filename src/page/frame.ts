/** The frame around every page of the service and of the sandbox, and the files that it needs. */
import { createHash } from 'node:crypto';
import type { Router } from 'express';
import { exactRouter } from '../exact-router';
import { html, webAddress } from './markup';
import type { Markup } from './markup';
import { PAGE_SCRIPT } from './script';
import { PAGE_STYLE } from './style';

export interface NavLink {
  label: string;
  href: string;
  /** The page that is shown. */
  current?: boolean;
  /** Elsewhere: opens beside this page. */
  outside?: boolean;
}

export interface Frame {
  title: string;
  /** Beside the name in the head of the page. */
  place: string;
  nav: NavLink[];
  /** At the end of the head, such as the button that signs out. */
  aside?: Markup;
  body: Markup;
  /** How often the parts marked `data-live` are asked for anew, in seconds; never when left out. */
  refresh?: number;
}

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#3156d3"/><path d="M5 21h22M8 21v-6m16 6v-6M5 17c6-9 16-9 22 0" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/></svg>`;

const FILES: Record<string, { type: string; text: string }> = {
  'page.css': { type: 'text/css; charset=utf-8', text: PAGE_STYLE },
  'page.js': { type: 'text/javascript; charset=utf-8', text: PAGE_SCRIPT },
  'icon.svg': { type: 'image/svg+xml', text: ICON },
};

/** Another text has another address, so that browsers may keep what they have. */
const addressOf = (name: string): string =>
  `/page/${createHash('sha256')
    .update(FILES[name]?.text ?? '')
    .digest('hex')
    .slice(0, 10)}/${name}`;
const [STYLE, SCRIPT, FAVICON] = ['page.css', 'page.js', 'icon.svg'].map(addressOf);

/** Serves style, script and icon; they hold nothing that only operators may see. */
export function pageFiles(): Router {
  const router = exactRouter();
  router.get('/page/:mark/:name', (request, response, next) => {
    const file = Object.hasOwn(FILES, request.params.name) ? FILES[request.params.name] : undefined;
    if (!file) return next();
    response.set({ 'Content-Type': file.type, 'Cache-Control': 'public, max-age=31536000, immutable' }).end(file.text);
  });
  return router;
}

export function pageFrame({ title, place, nav, aside, body, refresh }: Frame): string {
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>${title} · Deskbridge</title>
      <link rel="icon" href="${FAVICON}" type="image/svg+xml" />
      <link rel="stylesheet" href="${STYLE}" />
      <script src="${SCRIPT}" defer></script>
    </head>
    <body ${refresh === undefined ? '' : html`data-refresh="${refresh}"`}>
      <a class="skip" href="#main">Skip to the content</a>
      <header class="top">
        <div class="top-in">
          <a class="brand" href="/"
            ><img src="${FAVICON}" alt="" width="28" height="28" />Deskbridge<span>${place}</span></a
          >
          <nav aria-label="Pages">${nav.map(navLink)}</nav>
          ${aside}
        </div>
      </header>
      <p id="offline" class="offline" role="alert" hidden></p>
      <main id="main" tabindex="-1">${body}</main>
      <p id="said" class="unseen" role="status"></p>
    </body>
  </html>`;
  return `<!doctype html>${page.text}`;
}

function navLink({ label, href, current, outside }: NavLink): Markup | null {
  if (!outside) return html`<a href="${href}" ${current ? html`aria-current="page"` : ''}>${label}</a>`;
  const address = webAddress(href);
  return address === null ? null : outsideLink(address, label);
}

/** A link to a page of somebody else, in a tab of its own. */
export const outsideLink = (address: string, label: string): Markup =>
  html`<a href="${address}" target="_blank" rel="noopener noreferrer"
    >${label}<span class="out" aria-hidden="true">↗</span><span class="unseen"> (new tab)</span></a
  >`;
