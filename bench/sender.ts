/** Sends requests to the web server, as fast as it answers or at a steady pace. Promise: each one is answered 2xx in the end. */
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';

/** Analytics libraries give up sooner; a bench wants to see the end. */
const MOST_TRIES = 200;

export interface Load {
  url: string;
  /** For a request with this body. */
  headers(text: string): Record<string, string>;
  count: number;
  /** The path and JSON body of the request with this number, from 0. */
  request(index: number): { path: string; body: object };
  /** Requests under way at once; at a pace, as many as it takes. */
  parallel: number;
  /** Requests a second; null: as fast as they are answered. */
  perSecond: number | null;
  /** Told of each answer; what it throws ends the sending. */
  onAnswer?(index: number, body: unknown): void;
}

export interface Sent {
  /** Milliseconds since 1970. */
  begunAt: number;
  seconds: number;
  /** Time to the answer of each request, in ms; of its last try, when it was refused before. */
  ackMs: number[];
  /** When each request was first sent (at a pace: when it was due), milliseconds since 1970. */
  sentAt: number[];
  /** 503 and 429: to be sent again. */
  refused: number;
}

export async function sendAll(load: Load): Promise<Sent> {
  const { count, perSecond } = load;
  const paced = perSecond !== null;
  const pool = new Pool(load.url, { connections: paced ? 64 : load.parallel });
  const sent: Sent = { begunAt: Date.now(), seconds: 0, ackMs: [], sentAt: [], refused: 0 };
  const begun = performance.now();
  let next = 0;
  const takeTurns = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await sendOne(pool, load, index, sent);
  };
  const keepPace = async (): Promise<void> => {
    const under: Promise<void>[] = [];
    for (let index = 0; index < count; index++) {
      const due = begun + (index * 1000) / (perSecond ?? 1);
      await delay(Math.max(0, due - performance.now()));
      // Measured from when it was due: a generator that falls behind must not make the service look quick.
      under.push(sendOne(pool, load, index, sent, due));
    }
    await Promise.all(under);
  };
  try {
    await (paced ? keepPace() : Promise.all(Array.from({ length: load.parallel }, takeTurns)));
    sent.seconds = (performance.now() - begun) / 1000;
    return sent;
  } finally {
    await pool.destroy();
  }
}

async function sendOne(pool: Pool, load: Load, index: number, sent: Sent, due = performance.now()): Promise<void> {
  const { path, body } = load.request(index);
  const text = JSON.stringify(body);
  sent.sentAt[index] = Date.now() - (performance.now() - due);
  let begun = due;
  for (let tries = 1; ; tries++) {
    const answer = await pool.request({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json', ...load.headers(text) },
      body: text,
    });
    const { statusCode } = answer;
    const said = await answer.body.text();
    if (statusCode < 300) {
      sent.ackMs.push(performance.now() - begun);
      load.onAnswer?.(index, said === '' ? null : JSON.parse(said));
      return;
    }
    const isRefused = statusCode === 503 || statusCode === 429;
    if (!isRefused || tries === MOST_TRIES) throw new Error(`POST ${path} was answered ${statusCode}: ${said}`);
    sent.refused++;
    await delay(1000 * Number(answer.headers['retry-after'] ?? 1));
    begun = performance.now();
  }
}
