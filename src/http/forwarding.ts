/**
 * Signs that a request came through a proxy, tunnel or content network: then its peer says nothing about who sent it.
 * Broad on purpose: it only guards the sandbox, and whoever is refused by mistake sets a token.
 */
import type { IncomingMessage } from 'node:http';

const PROXY_HEADERS = [
  // Anything that speaks of forwarding, of the client's address or of another host, whoever coined it.
  /forward|proxy|original|external-address|client-?ip|connecting-?ip|real-?ip|client-connection/,
  /^(via|cdn-loop|x-client.*|x-cluster.*|x-remote.*|x-host|x-scheme|x-proto|x-varnish|x-request-start|front-end-https)$/,
  // Products that mark what they pass on.
  /^(x-)?(envoy|amz|amzn|arr|appengine|cloud|google|gfe|akamai|azure|ms|nf|fastly|vercel|fly|cf|railway|render|heroku)-/,
  /^(x-)?(sucuri|incap|traefik|kong|tailscale|ngrok|zrok|ssl|tls|istio|linkerd|l5d)-/,
];

/**
 * True when something stands between the sender and us. HTTP/1.0 is what proxies speak by default, nginx for one; no
 * browser and no client of today does.
 */
export const cameThroughProxy = (request: Pick<IncomingMessage, 'headers' | 'httpVersion'>): boolean =>
  request.httpVersion !== '1.1' ||
  Object.keys(request.headers).some((name) => PROXY_HEADERS.some((pattern) => pattern.test(name)));
