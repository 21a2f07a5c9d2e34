/** The operations as an OpenAPI 3.1 document; its schemas are the JSON Schemas of the zod schemas. */
import { z } from 'zod';
import { version } from '../../../package.json';
import { OPERATIONS, REFUSALS, type Operation } from './operations';
import { problem } from './schemas';

type Json = Record<string, unknown>;

/** How each kind of caller proves itself; a name below `components.securitySchemes`. */
const SECURITY: Record<Operation['who'], Json[]> = {
  Freshdesk: [{ freshdeskSecret: [] }, { basic: [] }],
  'Field Nation': [{ fieldNationSignature: [] }],
  'event senders': [{ basic: [] }],
  operators: [{ adminToken: [] }],
  platform: [],
};

const inHeader = (name: string, description: string): Json => ({ type: 'apiKey', in: 'header', name, description });

const SCHEMES = {
  freshdeskSecret: inHeader('X-Webhook-Secret', 'FRESHDESK_WEBHOOK_SECRET; also taken as Basic password'),
  fieldNationSignature: inHeader(
    'X-FN-Signature',
    'sha256=<hex HMAC-SHA256 of the raw body>, by the secret of the webhook',
  ),
  basic: {
    type: 'http',
    scheme: 'basic',
    description: 'Events: the write key as user. Freshdesk: the secret as password',
  },
  adminToken: { type: 'http', scheme: 'bearer', description: 'ADMIN_TOKEN; without one, callers on this machine only' },
};

export const jsonSchemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _$schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  return rest;
};

export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: described(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Deskbridge',
      version,
      description:
        'Freshdesk tickets become Field Nation work orders, identified product events become Freshdesk contacts. ' +
        'A good answer means: stored in Temporal, will be worked through whatever crashes.',
    },
    servers: [{ url: '/' }],
    paths,
    components: { schemas: { Problem: jsonSchemaOf(problem, 'output') }, securitySchemes: SCHEMES },
  };
}

/** `POST /api/dispatches/{ticket}/retry` as `postApiDispatchesTicketRetry`: what generated clients call it. */
const operationId = ({ method, path }: Operation): string =>
  method + path.replace(/[^a-z0-9]+([a-z0-9]?)/gi, (_, letter: string) => letter.toUpperCase());

function described(operation: Operation): Json {
  const { who, summary, path, query, body, answer, refusals } = operation;
  const { status, schema, type = 'application/json' } = answer;
  const parameters = [...(path.includes('{ticket}') ? [TICKET] : []), ...(query ? parametersOf(query) : [])];
  return {
    ...{ operationId: operationId(operation), tags: [who], summary, security: SECURITY[who] },
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: requestOf(body) } : {}),
    responses: {
      [status]: {
        description: status === 202 ? 'Accepted: stored' : 'Done',
        content: { [type]: schema ? { schema: jsonSchemaOf(schema, 'output') } : {} },
      },
      ...Object.fromEntries([...refusals].sort((a, b) => a - b).map((code) => [code, refusalOf(code)])),
    },
  };
}

const TICKET = {
  ...{ name: 'ticket', in: 'path', required: true, description: 'Ticket number' },
  schema: { type: 'integer', minimum: 1 },
};

function parametersOf(query: z.ZodObject): Json[] {
  const { properties = {} } = jsonSchemaOf(query, 'input') as { properties?: Record<string, Json> };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }));
}

const requestOf = ({ types, schema, example, optional }: NonNullable<Operation['body']>): Json => ({
  required: !optional,
  content: Object.fromEntries(types.map((type) => [type, { schema: jsonSchemaOf(schema, 'input'), example }])),
});

const refusalOf = (code: number): Json => ({
  description: REFUSALS[code],
  ...(code === 503 ? { headers: { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds' } } } : {}),
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});
