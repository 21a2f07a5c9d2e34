import type { Answer, Call, Surface } from '../pipeline';
import { issueToken, requireToken } from './auth';
import { errorAnswer, FieldNationRefusal } from './errors';
import { TokenBucket } from './limits';
import { lifecycleRoutes } from './routes-lifecycle';
import { lookupRoutes } from './routes-lookups';
import { orderRoutes } from './routes-orders';
import { webhookRoutes } from './routes-webhooks';
import type { FieldNationWorld } from './world';

/** REST v2, the token endpoint and webhooks v3 as the contract tells them. */
export function fieldNationSurface(world: FieldNationWorld): Surface {
  const bucket = new TokenBucket(world.clock, () => world.knobs);
  const refuse = (refusal: FieldNationRefusal, call: Call): Answer =>
    isWebhookApi(call) ? webhookError(world, refusal, call) : errorAnswer(world.knobs.errorBody, refusal);
  return {
    system: 'field-nation',
    apiRoot: /^\/api\/rest\/v2/,
    routes: [
      {
        name: 'token',
        method: 'post',
        path: '/authentication/api/oauth/token',
        open: true,
        handle: (call) => issueToken(world, call),
      },
      ...orderRoutes(world),
      ...lifecycleRoutes(world),
      ...lookupRoutes(),
      ...webhookRoutes(world),
    ],
    admit(call) {
      const wait = bucket.take();
      if (wait !== null) {
        const answer = refuse(new FieldNationRefusal(429, 'Too many requests.'), call);
        return { ...answer, headers: { ...answer.headers, 'Retry-After': String(wait) } };
      }
      try {
        requireToken(world, call);
        return null;
      } catch (error) {
        if (error instanceof FieldNationRefusal) return refuse(error, call);
        throw error;
      }
    },
    headers: () => bucket.headers(),
    failure(error, call) {
      if (error instanceof FieldNationRefusal) return refuse(error, call);
      throw error;
    },
    fault: (status, call) => refuse(new FieldNationRefusal(status, faultDetail(status)), call),
    wrongMethod: (allowed, call) => {
      const answer = refuse(new FieldNationRefusal(405, `Allowed: ${allowed.join(', ')}.`), call);
      return { ...answer, headers: { ...answer.headers, Allow: allowed.join(', ') } };
    },
    unknownRoute: (call) => refuse(new FieldNationRefusal(404, 'There is no such resource.'), call),
  };
}

const isWebhookApi = (call: Call): boolean => call.path.startsWith('/api/v1/webhooks');

const faultDetail = (status: number): string => {
  if (status === 401) return 'The access token is missing, invalid or expired.';
  return status === 429
    ? 'Too many requests.'
    : status < 500
      ? 'The request is refused.'
      : 'The service is not available.';
};

/** The error envelope of the webhooks API (15.5). */
function webhookError(world: FieldNationWorld, { status, detail, errors }: FieldNationRefusal, call: Call): Answer {
  const messages = [detail, ...errors.map((error) => error.detail)];
  return {
    status,
    body: {
      metadata: { timestamp: new Date(world.now()).toISOString(), path: call.path },
      errors: messages.map((message) => ({ code: status, message })),
      result: {},
    },
  };
}
