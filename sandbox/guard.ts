/** Who may use what is for people and tests. The two fakes have keys of their own. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';

import { isLoopbackHost } from '../src/config/loopback';

/** A page in a browser that rebinds its name to this machine still sends that name as host. */
export const loopbackOnly: RequestHandler = (req, res, next) => {
  if (isLoopbackHost((req.headers.host ?? '').replace(/:\d+$/, ''))) return next();
  res.status(403).json({ error: 'The sandbox answers on this machine only, as 127.0.0.1 or localhost.' });
};

/** The control takes the key of the data directory as bearer. */
export const requireKey =
  (key: string): RequestHandler =>
  (req, res, next) => {
    if (isSame(/^Bearer +(.+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '', key)) return next();
    res.status(401).json({ error: 'Send the controlKey of sandbox.json in the data directory as bearer token.' });
  };

/** Tells the sandbox of a data directory from a stranger on its port, and tells the stranger no key. */
export const IDENTITY_PATH = '/sandbox/identity';

export const proofOf = (key: string, challenge: string): string =>
  createHmac('sha256', key).update(`deskbridge sandbox ${challenge}`).digest('base64url');

export const answerIdentity =
  (key: string): RequestHandler =>
  (req, res) => {
    const { challenge } = req.query;
    res.json({ proof: proofOf(key, typeof challenge === 'string' ? challenge : '') });
  };

function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHmac('sha256', 'compare').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
