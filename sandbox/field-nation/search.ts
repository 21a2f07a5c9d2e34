import { asText } from '../json';
import type { JsonObject } from '../json';
import { plainText } from '../html';
import type { Answer, Call } from '../pipeline';
import { COMPANY, personName, TYPES_OF_WORK } from './catalog';
import { invalid } from './errors';
import { dress, presentOrder } from './present';
import { statusName } from './states';
import type { WorkOrder } from './types';
import type { FieldNationWorld } from './world';

const LISTS: Record<string, (order: WorkOrder) => boolean> = {
  workorders_all: () => true,
  workorders_in_flight: ({ status }) => [1, 2, 3, 4, 9].includes(status.id),
  workorders_draft: ({ status }) => status.id === 1,
  workorders_published_routed: ({ status }) => status.id === 2 || status.id === 9,
  workorders_assigned: ({ status }) => status.id === 3,
  workorders_problem: ({ problems }) => problems.some(({ resolved }) => resolved === null),
  workorders_work_done: ({ status }) => status.id === 4,
  workorders_approved: ({ status }) => status.id === 5,
};

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
  const inList = LISTS[list];
  if (inList === undefined)
    throw invalid('There is no such list.', [{ detail: 'list is not known.', parameter: 'list' }]);
  const page = positive(query, 'page', 1, Number.MAX_SAFE_INTEGER);
  const perPage = positive(query, 'per_page', 25, 100);
  const filters = [...query].filter(([name, value]) => FILTERS[name] !== undefined && value !== '');
  const found = indexed(world)
    .filter((order) => inList(order) && filters.every(([name, value]) => FILTERS[name]?.(order, value, world) ?? true))
    .sort(sorting(query));
  const view = query.get('view') ?? 'list';
  const shown = found.slice((page - 1) * perPage, page * perPage);
  return {
    status: 200,
    body: {
      metadata: {
        total: found.length,
        page,
        pages: Math.max(1, Math.ceil(found.length / perPage)),
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
  const orders = world.orders.all();
  return Object.entries(LISTS).map(([id, test]) => ({ id, count: orders.filter((order) => test(order)).length }));
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
