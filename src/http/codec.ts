/**
 * Temporal's remote codec protocol, for its UI and command line. Promise: who may not operate reads nothing; in a browser
 * only the pages of the Temporal UI may ask. Source: docs/operations.md.
 */
import { type Router, type RequestHandler } from 'express';
import { exactRouter } from '../exact-router';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { z } from 'zod';
import { requireOperator } from './admin';
import { jsonObjectOf, rawBody } from './body';
import { malformed } from './problem';

export interface CodecDeps {
  codec: PayloadCodec;
  /** Of the Temporal UI, such as `http://127.0.0.1:8233`. */
  uiOrigins: readonly string[];
  adminToken: string | null;
}

/** A payload has up to 2 MB, a third more as base64; pages send those of an event together. */
const LIMIT = { bytes: 8_000_000, words: '8 MB' };

const base64 = z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));
/** Protobuf's JSON leaves out what is empty, the list too. */
const body = z.object({
  payloads: z.array(z.object({ metadata: z.record(z.string(), base64).nullish(), data: base64.nullish() })).nullish(),
});

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const jsonOf = ({ metadata, data }: Payload): object => ({
  metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([key, value]) => [key, textOf(value)])),
  ...(data?.length ? { data: textOf(data) } : {}),
});

export function codecRoutes({ codec, uiOrigins, adminToken }: CodecDeps): Router {
  const router = exactRouter();
  const operator = requireOperator(adminToken, uiOrigins);

  /** A refusal says it too: a page that may not read it could not show why. */
  const forPages: RequestHandler = (request, response, next) => {
    const { origin } = request.headers;
    response.vary('Origin');
    if (origin !== undefined && uiOrigins.includes(origin)) {
      response.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' });
    }
    next();
  };
  for (const work of ['encode', 'decode'] as const) {
    const path = `/codec/${work}`;
    router.options(path, forPages, (_request, response) => {
      response.set({
        'Access-Control-Allow-Methods': 'POST',
        'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Namespace',
        'Access-Control-Max-Age': '600',
      });
      response.status(204).end();
    });
    router.post(path, forPages, operator, ...codecWork(codec, work));
  }
  return router;
}

/** Reads payloads and answers them encoded or decoded; whoever mounts it decides who may ask. */
export function codecWork(codec: PayloadCodec, work: 'encode' | 'decode'): RequestHandler[] {
  const answer: RequestHandler = async (request, response) => {
    const parsed = body.safeParse(jsonObjectOf(request));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw malformed(`${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'is wrong'}`);
    }
    const payloads = (parsed.data.payloads ?? []).map(({ metadata, data }) => ({
      metadata: metadata ?? {},
      data: data ?? new Uint8Array(),
    }));
    response.json({ payloads: (await codec[work](payloads)).map(jsonOf) });
  };
  return [...rawBody(['application/json'], LIMIT), answer];
}

/** Where a page of the UI comes from; this machine has two names. */
export function originsOf(uiUrl: string | null): string[] {
  if (!uiUrl) return [];
  const { origin, hostname } = new URL(uiUrl);
  return hostname === '127.0.0.1' ? [origin, origin.replace('127.0.0.1', 'localhost')] : [origin];
}
