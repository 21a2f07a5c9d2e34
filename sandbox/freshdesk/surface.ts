import { randomUUID, timingSafeEqual } from 'node:crypto';

import type { Answer, Call, Surface } from '../pipeline';
import { attachmentRoutes } from './attachments';
import { flatAnswer, FreshdeskRefusal, methodNotAllowed } from './errors';
import { RateLimits } from './limits';
import { accountRoutes } from './routes-account';
import { contactRoutes } from './routes-contacts';
import { ticketRoutes } from './routes-tickets';
import type { FreshdeskWorld } from './world';

/** The Freshdesk API v2 as the contract tells it (sections 1 to 5). */
export function freshdeskSurface(world: FreshdeskWorld): Surface {
  const limits = new RateLimits(world.clock, () => world.knobs);
  return {
    system: 'freshdesk',
    apiRoot: /^\/api\/v2/,
    routes: [...ticketRoutes(world), ...contactRoutes(world), ...accountRoutes(world), ...attachmentRoutes(world)],
    admit: (call, route, credits) => {
      world.setDueDates();
      return limits.charge(route, credits) ?? refusal(world, call);
    },
    headers: (_call, _route, credits) => ({
      ...limits.headers(credits),
      'x-request-id': randomUUID(),
      'X-Freshdesk-Api-Version': 'latest=v2; requested=v2',
      'Cache-Control': 'no-store',
    }),
    failure(error) {
      if (error instanceof FreshdeskRefusal) return error.answer;
      throw error;
    },
    fault: (status) => faultAnswer(status),
    wrongMethod: (allowed, call) => methodNotAllowed(call.method, allowed),
    unknownRoute: () => ({ status: 404 }),
  };
}

function refusal(world: FreshdeskWorld, call: Call): Answer | null {
  const refuse = world.knobs.refusalBody === 'flat' ? flatAnswer : nestedAnswer;
  if (!keyHolds(world, call.headers.authorization)) {
    return refuse(401, 'You have to be logged in to perform this action.', 'invalid_credentials');
  }
  if (world.knobs.forbidden) return refuse(403, 'You are not authorized to perform this action.', 'access_denied');
  const { accept } = call.headers;
  if (accept !== undefined && !/\*\/\*|application\/(json|\*)/.test(accept)) {
    return flatAnswer(406, 'Accept header is set to an unsupported type.');
  }
  return null;
}

const nestedAnswer = (status: number, message: string, code: string): Answer => ({
  status,
  body: { description: message, errors: [{ message, code }] },
});

function keyHolds(world: FreshdeskWorld, header: string | undefined): boolean {
  if (header === undefined) return false;
  const encoded = /^Basic\s+(\S+)$/i.exec(header)?.[1] ?? (world.knobs.bareAuthorization ? header.trim() : '');
  const user = Buffer.from(encoded, 'base64').toString('utf8').split(':')[0] ?? '';
  const [given, known] = [Buffer.from(user), Buffer.from(world.parts.apiKey)];
  return given.length === known.length && timingSafeEqual(given, known);
}

function faultAnswer(status: number): Answer {
  if (status === 401) return flatAnswer(401, 'You have to be logged in to perform this action.', 'invalid_credentials');
  if (status === 403) return flatAnswer(403, 'You are not authorized to perform this action.', 'access_denied');
  if (status === 404) return { status };
  if (status === 429) return flatAnswer(429, 'rate limit reached');
  if (status < 500) {
    return {
      status,
      body: {
        description: 'Validation failed',
        errors: [{ field: 'base', message: 'Injected', code: 'invalid_value' }],
      },
    };
  }
  return flatAnswer(status, 'We are sorry, but something went wrong.');
}
