/** Pages on their way: packed where the reader takes that, since a page of many rows shrinks to a fifth. */
import { gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';

/** What strangers choose stands in no page beside a secret, so that its length tells nothing. */
export function sendPage(request: Request, response: Response, text: string): void {
  response.type('html').vary('Accept-Encoding');
  if (request.acceptsEncodings('gzip') === 'gzip') response.set('Content-Encoding', 'gzip').end(gzipSync(text));
  else response.send(text);
}
