import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface SeenRequest {
  method: string;
  /** With query, as it stood on the wire. */
  url: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

export type Reply =
  | { status?: number; headers?: Record<string, string>; json?: unknown; body?: string }
  | ((response: ServerResponse, request: IncomingMessage) => void);

export interface ScriptedServer {
  url: string;
  seen: SeenRequest[];
  /** Answers the calls in this order; the last reply repeats. */
  reply(...replies: Reply[]): void;
  /** Answers by request instead, where the order is not known. */
  handle(choose: (request: SeenRequest) => Reply): void;
  close(): Promise<void>;
}

/** A real HTTP server on a loopback port that answers by script and remembers what it was asked. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let choose: (request: SeenRequest) => Reply = () => ({ status: 599 });

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://scripted');
      const entry: SeenRequest = {
        method: request.method ?? '',
        url: request.url ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      seen.push(entry);
      const reply = choose(entry);
      if (typeof reply === 'function') return reply(response, request);
      const json = reply.json === undefined ? {} : { 'content-type': 'application/json' };
      response.writeHead(reply.status ?? 200, { ...json, ...reply.headers });
      response.end(reply.json === undefined ? (reply.body ?? '') : JSON.stringify(reply.json));
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    reply(...replies) {
      let next = 0;
      choose = () => replies[Math.min(next++, replies.length - 1)] ?? { status: 599 };
    },
    handle(given) {
      choose = given;
    },
    async close() {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Drops the connection without a word, after the request has been read. */
export const hangUp: Reply = (response) => response.destroy();

/** Never answers. */
export const silence: Reply = () => undefined;

/** Sends a head and the start of a body, then nothing more. */
export const halfAnswer =
  (status: number): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.write('{"id":');
  };
