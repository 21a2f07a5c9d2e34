/**
 * The Temporal UI of the embedded engine under `/temporal`. Promise: who may not see our pages reads and writes nothing
 * here either; the engine's API answers this route alone, and the server behind the UI's own files holds nothing.
 */
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { Router, type Request, type RequestHandler, type Response } from 'express';
import { request as send } from 'undici';
import type { PayloadCodec } from '@temporalio/common';
import type { EngineApi, UiPages } from '../../engine';
import { UI_PATH } from '../contract/names';
import { codecWork } from './codec';

export interface TemporalUiDeps {
  api: EngineApi;
  files: Pick<UiPages, 'get'>;
  codec: PayloadCodec;
  /** Null: nothing is encrypted, and the UI has nothing to be decoded. */
  encrypts: boolean;
}

/** The engine's short form of payloads is not what the UI reads. */
const JSON_TYPE = 'application/json+no-payload-shorthand';

/** Mounted at `UI_PATH` behind the guard of the pages. */
export function temporalUi({ api, files, codec, encrypts }: TemporalUiDeps): Router {
  const router = Router();
  router.get('/api/v1/settings', async (request, response) => {
    const { body } = await files.get('/api/v1/settings');
    const settings = (await body.json()) as object;
    const endpoint = encrypts ? `${request.protocol}://${request.headers.host}${UI_PATH}/codec` : '';
    response.json({ ...settings, Codec: { Endpoint: endpoint, IncludeCredentials: true, PassAccessToken: false } });
  });
  for (const work of ['encode', 'decode'] as const) router.post(`/codec/${work}`, ...codecWork(codec, work));
  router.use('/api/v1', toEngine(api));
  router.get('/{*path}', async (request, response) => {
    const { statusCode, headers, body } = await files.get(request.url);
    const type = String(headers['content-type'] ?? 'application/octet-stream');
    response.status(statusCode).set('Content-Type', type);
    const isPage = type.startsWith('text/html');
    // Rendered Markdown has a policy of its own, stricter than ours.
    if (isPage && headers['content-security-policy'] === undefined) return void sendPage(response, await body.text());
    if (isPage) {
      const policy = String(headers['content-security-policy']);
      response.set({ 'Content-Security-Policy': policy, 'X-Frame-Options': 'SAMEORIGIN' });
    }
    if (/^\/_app\/immutable\//.test(request.path))
      response.set('Cache-Control', 'private, max-age=31536000, immutable');
    await pipeline(body, response);
  });
  return router;
}

const toEngine =
  ({ port, host }: EngineApi): RequestHandler =>
  async (request: Request, response: Response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { statusCode, headers, body } = await send(`http://127.0.0.1:${port}/api/v1${request.url}`, {
      method: request.method as 'GET',
      headers: { host, accept: JSON_TYPE, 'content-type': JSON_TYPE },
      body: ['GET', 'HEAD'].includes(request.method) ? null : request,
      signal: gone.signal,
    });
    response.status(statusCode).set('Content-Type', String(headers['content-type'] ?? 'application/json'));
    await pipeline(body, response);
  };

/** The UI is made for the root of its host: its one script and its files are told where they are. */
function sendPage(response: Response, html: string): void {
  const page = html
    .replace(/<meta[^>]*http-equiv="content-security-policy"[^>]*>/i, '')
    .replaceAll('base: ""', `base: "${UI_PATH}"`)
    .replaceAll('"/_app/', `"${UI_PATH}/_app/`);
  const scripts = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  response
    .set({
      'Cache-Control': 'no-store',
      // No picture and no call leads elsewhere, whatever stands in the words of a ticket.
      'Content-Security-Policy': [
        `script-src 'strict-dynamic' ${scripts.join(' ')}`,
        "connect-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'self'",
        "frame-ancestors 'none'",
      ].join('; '),
    })
    .send(page);
}
