/** The operations as one page for people. Promise: plain HTML, no script, nothing from elsewhere. */
import { createHash } from 'node:crypto';
import { version } from '../../../package.json';
import { jsonSchemaOf } from './document';
import { OPERATIONS, REFUSALS, type Operation } from './operations';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 56rem; margin: 0 auto; padding: 1rem; }
h2 { margin-top: 2.5rem; }
section { border: 1px solid #8886; border-radius: .5rem; padding: .25rem 1rem 1rem; margin: 1rem 0; }
h3 { font: 600 1rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { overflow-x: auto; background: #8882; padding: .75rem; border-radius: .25rem; font-size: .875rem; }
summary { cursor: pointer; }
table { border-collapse: collapse; }
td, th { text-align: left; vertical-align: top; padding: .15rem 1rem .15rem 0; }
`;

/** For this page alone: the style below, and nothing else. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

const json = (value: unknown): string => `<pre tabindex="0">${escaped(JSON.stringify(value, null, 2))}</pre>`;
const more = (summary: string, value: unknown): string =>
  `<details><summary>${escaped(summary)}</summary>${json(value)}</details>`;

const PROOF: Record<Operation['who'], string> = {
  Freshdesk: 'Header X-Webhook-Secret with FRESHDESK_WEBHOOK_SECRET, or the same as Basic password.',
  'Field Nation':
    'Header X-FN-Signature: sha256= and the hex HMAC-SHA256 of the raw body, by the secret of the webhook.',
  'event senders': 'The write key as Basic user with an empty password, or as writeKey in the body.',
  operators: 'Header Authorization: Bearer with ADMIN_TOKEN; without that setting, callers on this machine only.',
  platform: 'No credential.',
};

export function docsPage(): string {
  const groups = [...new Set(OPERATIONS.map(({ who }) => who))];
  const title = 'Deskbridge HTTP interface';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>Version ${escaped(version)}. For programs: <a href="/openapi.json">openapi.json</a>. A good answer means: stored in Temporal,
will be worked through whatever crashes. Refusals are <code>application/problem+json</code> with <code>title</code>,
<code>detail</code>, <code>code</code> and <code>retryable</code>.</p>
${groups.map(groupOf).join('\n')}
</main>
</body>
</html>
`;
}

const groupOf = (who: Operation['who']): string =>
  `<h2>For ${escaped(who)}</h2>\n<p>${escaped(PROOF[who])}</p>\n${OPERATIONS.filter((one) => one.who === who)
    .map(sectionOf)
    .join('\n')}`;

function sectionOf({ method, path, summary, query, body, answer, refusals }: Operation): string {
  const statuses: [number, string][] = [
    [answer.status, answer.status === 202 ? 'Accepted: stored' : 'Done'],
    ...[...refusals].sort((a, b) => a - b).map((code): [number, string] => [code, REFUSALS[code] ?? '']),
  ];
  const rows = statuses.map(([code, words]) => `<tr><th scope="row">${code}</th><td>${escaped(words)}</td></tr>`);
  return `<section>
<h3>${method.toUpperCase()} ${escaped(path)}</h3>
<p>${escaped(summary)}</p>
${query ? more('Query', jsonSchemaOf(query, 'input')['properties']) : ''}
${body ? `<p>Body, as ${escaped(body.types.join(' or '))}, for example:</p>${json(body.example)}${more('Its schema', jsonSchemaOf(body.schema, 'input'))}` : ''}
<table><caption hidden>Answers</caption>${rows.join('')}</table>
${answer.schema ? more('Schema of the answer', jsonSchemaOf(answer.schema, 'output')) : ''}
</section>`;
}
