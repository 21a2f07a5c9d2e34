/** One id for each request: taken from the caller or made here, sent back, and in every line logged about it. */
import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import type { Logger } from '../log';

/** What a caller may choose; anything else could not be told from other text in a log. */
const USABLE_ID = /^[\w.:-]{1,100}$/;

export const withRequestLog =
  (log: Logger): RequestHandler =>
  (request, response, next) => {
    const given = request.header('x-request-id');
    const requestId = given !== undefined && USABLE_ID.test(given) ? given : randomUUID();
    response.setHeader('X-Request-Id', requestId);
    response.locals.log = () => log.child({ requestId });
    next();
  };

/** The logger of this request; made when it is asked for, since most requests log nothing. */
export const logOf = (response: Response): Logger => (response.locals.log as () => Logger)();
