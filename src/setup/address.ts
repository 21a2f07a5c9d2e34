/** Under which address the upstreams reach this service. */
import type { Settings } from '../config/settings';
import { recordedWeb } from '../config/neighbours';
import { UsageError } from '../command-errors';

/** Stands in printed rules where the address is not known. */
export const PLACEHOLDER = 'https://<your host>';

/**
 * The full address of a route; null when none was given, by `DESKBRIDGE_URL` neither, and the upstream is a real one. The
 * sandbox runs beside the web server, so that its address will do. @throws UsageError for what is no address that the upstream can call.
 */
export function routeAddress(
  given: string | undefined,
  route: string,
  settings: Settings,
  sandbox: boolean,
): string | null {
  const root = given ?? (sandbox ? recordedWeb(settings.dataDir) : settings.web.publicUrl);
  if (root === null) return null;
  const url = URL.canParse(root) ? new URL(root) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    throw new UsageError(`--url is not an http(s) address. Give the root of this service, such as ${PLACEHOLDER}.`);
  }
  if (!sandbox && url.protocol !== 'https:') {
    throw new UsageError(
      '--url must begin with https:// – webhooks are sent to addresses with a valid certificate only.',
    );
  }
  const path = url.pathname.replace(/\/+$/, '');
  return `${url.origin}${path.endsWith(route) ? path : path + route}`;
}
