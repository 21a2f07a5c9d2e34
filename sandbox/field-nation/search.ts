import { asText } from '../json';
import type { JsonObject } from '../json';
import { plainText } from '../html';
import type { Answer, Call } from '../pipeline';
import { COMPANY, personName, TYPES_OF_WORK } from './catalog';
import { invalid } from './errors';
import { isInList, isListName, LIST_NAMES } from './lists';
import type { ListName } from './lists';
import { dress, presentOrder } from './present';
import { statusName } from './states';
import type { WorkOrder } from './types';
import type { FieldNationWorld } from './world';

const DAY = 86_400_000;

type Filter = (order: WorkOrder, value: string, world: FieldNationWorld) => boolean;

const FILTERS: Record<string, Filter> = {
  f_work_order_id: (order, value) => listed(value, String(order.id)),
  f_search: matches,
  f_state: (order, value) => listed(value, asText(order.location?.['state'])),
  f_city: (order, value) => listed(value, asText(order.location?.['city'])),
  f_postal_code: (order, value) => listed(value, asText(order.location?.['zip'])),
  f_country: (order, value) => listed(value, asText(order.location?.['country'])),
  f_project: (order, value) => listed(value, String(order.projectId)),
  f_client: (order, value) => listed(value, String(order.clientId)),
  f_manager: (order, value) => listed(value, String(order.managerId)),
  f_templates: (order, value) => listed(value, String(order.templateId)),
  f_type_of_work: (order, value) => order.typesOfWork.some(({ id }) => listed(value, String(id))),
  f_created: (order, value) => within(value, order.createdAt),
  f_created_date: (order, value) => within(value, order.createdAt),
  f_schedule: (order, value) => within(value, order.schedule?.start),
  f_service_schedule: (order, value) => within(value, order.schedule?.start),
  f_published: (order, value) => within(value, order.milestones.published),
  f_routed: (order, value) => within(value, order.milestones.routed),
  f_assigned: (order, value) => within(value, order.milestones.assigned),
  f_completed: (order, value) => within(value, order.milestones.workdone),
  f_approved_cancelled_date: (order, value) => within(value, order.milestones.approved ?? order.milestones.canceled),
};

/** `GET /workorders` (Field Nation contract, section 9), over the index as it lags. */
export function listOrders(world: FieldNationWorld, call: Call): Answer {
  const query = effectiveQuery(world, call.query);
  const list = query.get('list') ?? 'workorders_all';
  if (!isListName(list)) throw invalid('There is no such list.', [{ detail: 'list is not known.', parameter: 'list' }]);
  const page = positive(query, 'page', 1, Number.MAX_SAFE_INTEGER);
  const perPage = positive(query, 'per_page', 25, 100);
  const filters = [...query].filter(([name, value]) => FILTERS[name] !== undefined && value !== '');
  const { total, shown } = inOrder(world, { query, list, filters, skip: (page - 1) * perPage, take: perPage });
  const view = query.get('view') ?? 'list';
  return {
    status: 200,
    body: {
      metadata: {
        total,
        page,
        pages: Math.max(1, Math.ceil(total / perPage)),
        per_page: perPage,
        list,
        view,
        sort: query.get('sort') ?? 'id',
        order: query.get('order') ?? 'desc',
      },
      results: shown.map((order) => presentResult(world, order, view)),
      lists: listCounts(world),
      custom_fields: [],
      saved_filters: [],
      search_text: query.get('f_search') ?? '',
      actions: [],
      params: {},
    },
  };
}

/** `GET /workorders/lists`. */
export function listCounts(world: FieldNationWorld): JsonObject[] {
  return LIST_NAMES.map((id) => ({ id, count: world.orderIndex.count(id) }));
}

/** What `sticky=true` has saved comes back when `list` is omitted: callers that forget it get somebody's filters. */
function effectiveQuery(world: FieldNationWorld, query: URLSearchParams): URLSearchParams {
  let effective = query;
  if (!query.has('list') && world.savedFilters !== null && !query.has('f_')) {
    effective = new URLSearchParams(world.savedFilters);
    for (const [name, value] of query) effective.set(name, value);
  }
  if (query.get('sticky') === 'true') {
    const kept = [...query].filter(([name]) => /^(list|sort|order|f_\w+)$/.test(name));
    world.savedFilters = new URLSearchParams(kept);
  }
  return effective;
}

interface Wanted {
  query: URLSearchParams;
  list: ListName;
  filters: [name: string, value: string][];
  skip: number;
  take: number;
}

/** One page of what matches; by the index where it can tell, else by a walk over all orders. */
function inOrder(world: FieldNationWorld, wanted: Wanted): { total: number; shown: WorkOrder[] } {
  const { query, list, filters, skip, take } = wanted;
  const holds = (order: WorkOrder): boolean =>
    isInList(order, list) && filters.every(([name, value]) => FILTERS[name]?.(order, value, world) ?? true);
  const ids = byIndex(world, wanted);
  if (ids !== null && filters.every(([name]) => BY_DATE.includes(name))) {
    const { length } = ids;
    const isAscending = query.get('order') === 'asc';
    const page = isAscending
      ? ids.slice(skip, skip + take)
      : ids.slice(Math.max(0, length - skip - take), Math.max(0, length - skip)).reverse();
    return { total: length, shown: page.flatMap((id) => world.orders.get(id) ?? []) };
  }
  const candidates = ids === null ? indexed(world) : ids.flatMap((id) => world.orders.get(id) ?? []);
  const found = candidates.filter(holds).sort(sorting(query));
  return { total: found.length, shown: found.slice(skip, skip + take) };
}

/** The newer name of the filter by date of creation, and the older one. */
const BY_DATE = ['f_created_date', 'f_created'];

/** Ids among which the wanted orders are, oldest first; null when the index cannot tell, or lags behind. */
function byIndex({ knobs, orderIndex }: FieldNationWorld, { query, list, filters }: Wanted): readonly number[] | null {
  if (knobs.searchLagMs > 0 || !orderIndex.isOrdered) return null;
  const valueOf = (name: string): string | undefined => filters.find(([known]) => known === name)?.[1];
  const numbers = valueOf('f_work_order_id');
  if (numbers !== undefined) return [...new Set(numbers.split(',').map(Number))].sort((a, b) => a - b);
  const text = valueOf('f_search');
  if (text !== undefined) return orderIndex.mentioning(text.toLowerCase());
  if (!['id', 'created_date'].includes(query.get('sort') ?? 'id')) return null;
  if (!filters.every(([name]) => BY_DATE.includes(name))) return null;
  const spans = filters.map(([, value]) => spanOf(value));
  if (spans.flat().some(Number.isNaN)) return null;
  return orderIndex.between(
    list,
    Math.max(0, ...spans.map(([from]) => from)),
    Math.min(...spans.map(([, to]) => to), Infinity),
  );
}

/** `YYYY-MM-DD` or `from,to` as milliseconds, both inclusive. */
function spanOf(range: string): [from: number, to: number] {
  const [from = Number.NaN, to = from] = range.split(',').map((day) => Date.parse(`${day.trim()}T00:00:00Z`));
  return [from, to + DAY - 1];
}

function indexed(world: FieldNationWorld): WorkOrder[] {
  const found: WorkOrder[] = [];
  for (const order of world.orders.all()) {
    const seen = world.index.seen(order.id, order);
    if (seen !== null && seen.status.id !== 10) found.push(seen);
  }
  return found;
}

function presentResult(world: FieldNationWorld, order: WorkOrder, view: string): unknown {
  if (view === 'model')
    return world.knobs.listModel === 'full' ? presentOrder(world, order) : dress(world.knobs, { id: order.id });
  return dress(world.knobs, {
    id: order.id,
    columns: [
      { id: 'title', value: order.title },
      { id: 'status', value: statusName(order.status.id) },
      { id: 'schedule', value: order.schedule?.start ?? null },
    ],
  });
}

function matches(order: WorkOrder, value: string, world: FieldNationWorld): boolean {
  if (order.status.id === 1 && !world.knobs.draftsSearchable) return false;
  return searchText(order, world).includes(value.toLowerCase());
}

/** Lower case. Snapshots of a lagging index are objects of their own, so a text never outlives the order it was made of. */
function searchText(order: WorkOrder, world: FieldNationWorld): string {
  const { searchesDescription, searchesCustomFields } = world.knobs;
  const form = `${searchesDescription} ${searchesCustomFields}`;
  const known = world.searchTexts.get(order);
  if (known?.form === form) return known.text;
  const texts = [order.title, COMPANY.name, ...Object.values(order.location ?? {}).map(asText)];
  texts.push(...order.typesOfWork.map(({ id }) => TYPES_OF_WORK.find((type) => type.id === id)?.name ?? ''));
  if (order.assigneeId !== null) texts.push(personName(order.assigneeId));
  if (searchesDescription) texts.push(plainText(order.description));
  if (searchesCustomFields) texts.push(...Object.values(order.customValues));
  const text = texts.join('\n').toLowerCase();
  world.searchTexts.set(order, { form, text });
  return text;
}

function sorting(query: URLSearchParams): (a: WorkOrder, b: WorkOrder) => number {
  const sort = query.get('sort') ?? 'id';
  const sign = query.get('order') === 'asc' ? 1 : -1;
  const key = (order: WorkOrder): number | string => {
    switch (sort) {
      case 'title':
        return order.title;
      case 'schedule':
        return order.schedule?.start ?? 0;
      case 'status':
        return order.status.id;
      case 'created_date':
        return order.createdAt;
      default:
        return order.id;
    }
  };
  return (a, b) => sign * (key(a) === key(b) ? a.id - b.id : key(a) < key(b) ? -1 : 1);
}

function positive(query: URLSearchParams, name: string, fallback: number, max: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw invalid(`${name} is out of range.`, [{ detail: `${name} must be 1 to ${max}.`, parameter: name }]);
}

const listed = (list: string, value: string): boolean =>
  list.split(',').some((item) => item.trim().toLowerCase() === value.toLowerCase());

/** `YYYY-MM-DD` or `from,to`, both inclusive. */
function within(range: string, ms: number | null | undefined): boolean {
  if (ms === null || ms === undefined) return false;
  const [from = '', to = from] = range.split(',').map((day) => day.trim());
  const day = new Date(ms).toISOString().slice(0, 10);
  return day >= from && day <= to;
}
