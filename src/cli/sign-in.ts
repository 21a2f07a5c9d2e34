/** `sign-in`: a link that signs one browser in, once, within ten minutes. Promise: it needs the admin token, and shows none of it. */
import { adminTokens } from '../config/admin-tokens';
import type { Settings } from '../config/settings';
import { createPasses } from '../http/passes';
import { resolveRuntime, type Runtime } from '../runtime';
import { recordedWeb } from '../config/neighbours';
import { readSettings } from './context';
import { UsageError } from '../command-errors';
import { printJson } from './output';

const LASTS_MS = 10 * 60 * 1000;

export interface SignInLink {
  url: string;
  /** ISO 8601. */
  expiresAt: string;
  /** Whom it signs in; null: the token has no name. */
  name: string | null;
}

/** The code stands after the #: no server on the way sees it. `webUrl` is where the web server listens. */
export async function signInLink(
  { account, adminToken }: Pick<Runtime, 'account'> & { adminToken: string },
  webUrl: string,
  name: string | null,
): Promise<SignInLink> {
  const code = await createPasses(adminToken, account).make('sign-in', name, LASTS_MS);
  return { url: `${webUrl}/sign-in#${code}`, expiresAt: new Date(Date.now() + LASTS_MS).toISOString(), name };
}

export async function signIn({ name, json }: { name: string | undefined; json: boolean }): Promise<void> {
  const settings = readSettings({ calls: [], secrets: ['ADMIN_TOKEN'] });
  const runtime = resolveRuntime(settings);
  const webUrl = webUrlOf(settings);
  const { account, adminToken } = runtime;
  if (adminToken === null) {
    const setup = await signInLink({ account, adminToken: runtime.secrets.adminToken }, webUrl, null);
    if (json) return printJson({ url: webUrl, expiresAt: null, name: null, setup: setup.url });
    console.log(`Both accounts are the sandbox, so browsers on this machine need no sign-in: ${webUrl}`);
    console.log('Only the set-up pages do. This link opens them, once, within 10 minutes:');
    return console.log(setup.url);
  }
  const link = await signInLink({ account, adminToken }, webUrl, whoOf(adminToken, name));
  if (json) return printJson(link);
  console.log(`Open this link within 10 minutes. It signs one browser in${link.name ? ` as ${link.name}` : ''}, once:`);
  console.log(link.url);
}

/** @throws UsageError when it is not clear who signs in. */
function whoOf(adminToken: string, name: string | undefined): string | null {
  const names = adminTokens(adminToken).map((token) => token.name);
  if (name === undefined && names.length === 1) return names[0] ?? null;
  if (name !== undefined && names.includes(name)) return name;
  const known = names.filter((one) => one !== null);
  if (known.length === 0) throw new UsageError('ADMIN_TOKEN holds one token without a name: leave --name out.');
  throw new UsageError(`Say who signs in with --name: ${known.join(', ')}.`);
}

/** Where browsers find the web server: as set, as it listens on this machine, or as it would by the settings. */
function webUrlOf({ web, dataDir }: Settings): string {
  const host = ['0.0.0.0', '::'].includes(web.host) ? '127.0.0.1' : web.host.includes(':') ? `[${web.host}]` : web.host;
  return web.publicUrl ?? recordedWeb(dataDir) ?? `http://${host}:${web.port}`;
}
