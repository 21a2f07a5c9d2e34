/** What another version of the config changed. */
import { pathText } from './problems';

/** Such as `dispatch.afterCreate: "draft" → "publish"`; keys whose values may hold a token are named alone. */
export function configDifference(before: unknown, after: unknown): string {
  const changes = differences(before, after, []);
  const more = changes.length - MOST;
  const shown = changes.slice(0, MOST).join('; ') + (more > 0 ? `; and ${more} more` : '');
  return shown === '' ? 'nothing changed' : shown;
}

const MOST = 20;
/** An address may hold a token. */
const SECRET = /^alerts\.url$/;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function differences(before: unknown, after: unknown, path: string[]): string[] {
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differences(own(before, key), own(after, key), [...path, key]));
  }
  const [from, to] = [shown(before), shown(after)];
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const name = pathText(path);
  return [SECRET.test(name) ? `${name} changed` : `${name}: ${from} → ${to}`];
}

const own = (value: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(value, key) ? value[key] : undefined;

const shown = (value: unknown): string =>
  value === undefined ? 'none' : (JSON.stringify(value) ?? 'none').slice(0, 80);
