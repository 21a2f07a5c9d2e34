/** What the schema cannot say: paths, templates, targets, and keys that depend on each other. */
import { actionSchema } from './action-schema';
import {
  checkFieldAction,
  checkMapping,
  checkRouteValues,
  checkTemplate,
  NOTE_SOURCES,
  pathFault,
  ROUTE_SOURCES,
} from '../domain/mapping';
import type { MappingAction, MappingFault } from '../domain/mapping';
import { DEFAULT_CORRELATION_FIELD } from './defaults';
import type { IssueText } from './describe-issue';

type Entries = Record<string, unknown>;

const MOST_LINES = 500;
const EVENT_SOURCES = ['context', 'traits', 'properties', 'consent', 'event', 'userId', 'integrations'];

/** Every such fault of a file, as far as its parts have the right shape; the schema speaks about the rest. */
export function crossCheck(file: unknown): IssueText[] {
  const root = entries(file);
  const dispatch = entries(root['dispatch']);
  return [
    ...checkRoute(dispatch),
    ...checkWorkOrder(entries(root['workOrder']), dispatch['correlationField']),
    ...checkStatus(entries(root['status'])),
    ...checkContacts(entries(root['contacts'])),
  ];
}

function checkRoute(dispatch: Entries): IssueText[] {
  const action = actionSchema.safeParse(dispatch['routeTo']);
  if (action.success) {
    const faults = [...checkFieldAction(action.data, [], ROUTE_SOURCES), ...checkRouteValues(action.data)];
    return faults.map((fault) => under('dispatch')({ ...fault, path: ['routeTo', ...fault.path] }));
  }
  if (dispatch['afterCreate'] !== 'route' || (dispatch['routeTo'] ?? null) !== null) return [];
  const message = 'afterCreate: route needs a provider to route to';
  const hint = 'set routeTo to a Field Nation provider id, several, or an action; or afterCreate to publish';
  return [{ path: ['dispatch', 'afterCreate'], atKey: false, message, hint }];
}

/** Stands for a line whose action has the wrong shape, so that its target is still checked. */
const UNKNOWN_ACTION: MappingAction = { static: '' };

function checkWorkOrder(lines: Entries, correlationField: unknown = DEFAULT_CORRELATION_FIELD): IssueText[] {
  if (Object.keys(lines).length > MOST_LINES) {
    const message = `holds more than ${MOST_LINES} lines`;
    return [{ path: ['workOrder'], atKey: true, message, hint: 'map fewer targets' }];
  }
  const mapping: Record<string, MappingAction> = {};
  for (const [target, action] of Object.entries(lines)) {
    const parsed = actionSchema.safeParse(action);
    mapping[target] = parsed.success ? parsed.data : UNKNOWN_ACTION;
  }
  const faults = checkMapping(mapping).map(under('workOrder'));
  if (typeof correlationField !== 'string' && typeof correlationField !== 'number') return faults;
  const taken = `custom_fields.${correlationField}`;
  const clash = Object.keys(mapping).find((target) => target.toLowerCase() === taken.toLowerCase());
  if (clash === undefined) return faults;
  const message = 'this field holds the correlation id (dispatch.correlationField)';
  return [...faults, { path: ['workOrder', clash], atKey: true, message, hint: 'take this line out' }];
}

function checkStatus(status: Entries): IssueText[] {
  return Object.entries(status).flatMap(([name, effect]) => {
    const texts: [(string | number)[], unknown][] = [[[name, 'note'], entries(effect)['note']]];
    for (const [field, value] of Object.entries(entries(entries(effect)['fields']))) {
      texts.push([[name, 'fields', field], value]);
    }
    return texts
      .flatMap(([path, text]) => {
        if (typeof text === 'string') return checkTemplate(text, NOTE_SOURCES, path);
        const action = path[1] === 'fields' ? actionSchema.safeParse(text) : null;
        return action?.success ? checkFieldAction(action.data, path) : [];
      })
      .map(under('status'));
  });
}

function checkContacts(contacts: Entries): IssueText[] {
  const consent = Array.isArray(contacts['consent']) ? contacts['consent'] : [];
  const paths: [(string | number)[], unknown][] = [
    ...consent.map((path: unknown, index): [(string | number)[], unknown] => [['consent', index], path]),
    ...Object.entries(entries(contacts['customFields'])).map(([field, path]): [(string | number)[], unknown] => [
      ['customFields', field],
      path,
    ]),
  ];
  return paths.flatMap(([path, text]) => {
    const fault = typeof text === 'string' ? pathFault(text, EVENT_SOURCES) : null;
    return fault === null ? [] : [under('contacts')({ ...fault, path, atKey: false })];
  });
}

const under =
  (section: string) =>
  (fault: MappingFault): IssueText => ({ ...fault, path: [section, ...fault.path] });

const entries = (value: unknown): Entries =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entries) : {};
