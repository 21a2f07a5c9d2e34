import type { Call, Route } from '../pipeline';
import {
  CLIENTS,
  CUSTOM_FIELDS,
  INCOMPLETE_REASONS,
  LOCATIONS,
  MANAGERS,
  PROJECTS,
  PROVIDERS,
  TAGS,
  TEMPLATES,
  TYPES_OF_WORK,
} from './catalog';
import { notFound } from './errors';
import { collection, presentUser } from './present';
import { REST } from './routes-orders';

/** What the company has set up (Field Nation contract, sections 12 and 13). */
export function lookupRoutes(): Route[] {
  const get = (name: string, path: string, body: (call: Call) => unknown): Route => ({
    name,
    method: 'get',
    path: `${REST}${path}`,
    handle: (call) => ({ status: 200, body: body(call) }),
  });
  return [
    get('listCustomFields', '/custom-fields', () =>
      collection(
        CUSTOM_FIELDS.map(({ id, name, type, required, unique, internal, role, options }) => ({
          id,
          name,
          tip: '',
          type,
          required,
          unique,
          internal,
          for_tech: role === 'assigned_provider',
          filled_by: role === 'buyer' ? 'buyer' : 'provider',
          flags: [
            ...(required ? ['required'] : []),
            ...(unique ? ['unique'] : []),
            ...(internal ? ['internal_id'] : []),
          ],
          options,
          dependency: null,
        })),
      ),
    ),
    get('listTypesOfWork', '/types-of-work', () => collection(TYPES_OF_WORK)),
    get('listTemplates', '/templates', () => collection(TEMPLATES.map(({ id, name }) => ({ id, name })))),
    get('getTemplate', '/templates/:id', (call) => byId(TEMPLATES, call, 'The template')),
    get('listProjects', '/projects', () => collection(PROJECTS)),
    get('listClients', '/clients', (call) =>
      collection(call.query.has('columns') ? CLIENTS : CLIENTS.map(({ id }) => ({ id }))),
    ),
    get('listLocations', '/locations', () => collection(LOCATIONS)),
    // A bare array, unlike the other lists.
    get('listManagers', '/company/managers', () =>
      MANAGERS.map(({ id, first_name, last_name }) => ({ id, first_name, last_name })),
    ),
    get('listTags', '/company/tags', () => collection(TAGS)),
    get('listIncompleteReasons', '/company/incomplete-reasons', () => collection(INCOMPLETE_REASONS)),
    get('getUser', '/users/:id', (call) => presentUser(byId([...MANAGERS, ...PROVIDERS], call, 'The user'))),
  ];
}

function byId<T extends { id: number }>(items: readonly T[], call: Call, what: string): T {
  const item = items.find(({ id }) => String(id) === call.params['id']);
  if (item === undefined) throw notFound(what);
  return item;
}
