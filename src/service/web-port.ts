/**
 * The web server's port, taken before anything else begins: a taken port ends the start before it touches the data dir.
 * Until the app is there, every request is answered 503, so that senders try again.
 */
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { isIPv6, Server as NetServer, type AddressInfo, type Socket } from 'node:net';
import { SettingsError, type Settings } from '../config/settings';
import { sendProblem, unavailable } from '../http/problem';

/** Waits, in ms: a slow sender must not hold a socket for ever, nor a stop. */
const TIMEOUTS = { headers: 10_000, request: 15_000, keepAlive: 5_000, close: 15_000 };
/** How often the waits are looked after; Node's own 30 s would let them end late. */
const CHECK_EVERY_MS = 2_000;
/** Sockets at once; more are closed as they come. */
const MOST_CONNECTIONS = 2_000;
/** Then a sender has to connect anew, so that many servers behind one name share the load. */
const MOST_REQUESTS_A_SOCKET = 1_000;
/** Of all header lines of a request together, in bytes. */
const LARGEST_HEAD = 16_384;
/** A sender that uses its socket within this is told by an answer that it closes, in ms; one that comes later finds none. */
const TELL_MS = 1_000;

export interface WebPort {
  /** As seen from this machine. */
  url: string;
  /** From now on requests go to the app. */
  serve(app: RequestListener): void;
  /** Takes no new connection; those that are there have their requests answered, and each answer says that it is the last. */
  drain(): void;
  /** Drains, and resolves when every request has its answer; what hangs is cut off in time for a stop within 25 s. */
  close(): Promise<void>;
}

/** @throws SettingsError that names `PORT` or `HOST` when the address cannot be had. */
export const takeWebPort = ({ host, port }: Pick<Settings['web'], 'host' | 'port'>): Promise<WebPort> =>
  takePort(host, port, null);

/** Null when there is no such address. @throws SettingsError that names `METRICS_ADDRESS` */
export const takeProbePort = async (address: Settings['metricsAddress']): Promise<WebPort | null> =>
  address && takePort(address.host, address.port, 'METRICS_ADDRESS');

/** `setting` names where the address comes from, when it is another one than `HOST` and `PORT`. */
async function takePort(host: string, port: number, setting: string | null): Promise<WebPort> {
  let handle: RequestListener = (_request, response) =>
    sendProblem(response, unavailable('Deskbridge is starting. Send it again.'));
  const limits = {
    requestTimeout: TIMEOUTS.request,
    headersTimeout: TIMEOUTS.headers,
    keepAliveTimeout: TIMEOUTS.keepAlive,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    maxHeaderSize: LARGEST_HEAD,
  };
  const sockets = new Set<Socket>();
  const answering = new Set<ServerResponse>();
  let closing: Promise<void> | null = null;
  const sayLast = (response: ServerResponse): void => {
    if (!response.headersSent) response.setHeader('Connection', 'close');
  };
  const server = createServer(limits, (request, response) => {
    answering.add(response);
    response.once('close', () => answering.delete(response));
    if (closing) sayLast(response);
    handle(request, response);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.maxRequestsPerSocket = MOST_REQUESTS_A_SOCKET;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    throw explained(error, host, port, setting);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${shownHost(host)}:${taken}`,
    serve: (app) => void (handle = app),
    drain: () => void close(),
    close,
  };

  function close(): Promise<void> {
    closing ??= new Promise((resolve) => {
      answering.forEach(sayLast);
      const idle = setTimeout(() => {
        server.closeIdleConnections();
        // A socket that has not said a word is none of those.
        for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      }, TELL_MS);
      const cut = setTimeout(() => server.closeAllConnections(), TIMEOUTS.close);
      // The HTTP server's own `close` would cut idle sockets at once, under a request that is on its way, and would stop
      // looking after slow senders.
      NetServer.prototype.close.call(server, () => {
        clearTimeout(idle);
        clearTimeout(cut);
        resolve();
      });
    });
    return closing;
  }
}

/** A wildcard is seen as loopback from here; a bare IPv6 address needs brackets in a URL. */
function shownHost(host: string): string {
  if (['0.0.0.0', '::', '[::]'].includes(host)) return '127.0.0.1';
  return isIPv6(host) ? `[${host}]` : host;
}

function explained(error: NodeJS.ErrnoException, host: string, port: number, setting: string | null): Error {
  const problem = (name: string, what: string, remedy: string): Error =>
    new SettingsError([{ name: setting ?? name, problem: what, remedy }]);
  switch (error.code) {
    case 'EADDRINUSE':
      return problem(
        'PORT',
        `${port} on ${host} is taken by another program, or by a Deskbridge that runs already`,
        `End that one, or choose another port, such as ${setting === null ? 'PORT=' : `${host}:`}${port === 65535 ? 3000 : port + 10}.`,
      );
    case 'EACCES':
      return problem('PORT', `${port} may not be used by this user`, 'Choose one above 1023.');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return problem(
        'HOST',
        `${host} is not an address of this machine`,
        'Use 127.0.0.1, or 0.0.0.0 for all addresses.',
      );
    default:
      return error;
  }
}
