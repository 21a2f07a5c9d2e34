import { isInList, LIST_NAMES } from './lists';
import type { ListName } from './lists';
import type { WorkOrder } from './types';

/** A correlation id, wherever it stands. */
const MARKER = /fd-[a-z0-9-]*-\d+/g;
const WHOLE_MARKER = /^fd-[a-z0-9-]*-\d+-\d+$/;

/**
 * The searches that a dispatch makes, without a walk over all orders: by list and date of creation, and by correlation id.
 * Ids and dates of creation ascend together; where they do not, `isOrdered` says so and nobody may rely on it.
 */
export class OrderIndex {
  isOrdered = true;
  private newest = { id: 0, createdAt: 0 };
  private readonly lists = new Map<ListName, number[]>(LIST_NAMES.map((name) => [name, []]));
  /** Correlation id without its last number → orders that mention it, or have. */
  private readonly mentions = new Map<string, Set<number>>();

  constructor(private readonly createdAt: (id: number) => number) {}

  /** To be called after each save. */
  note(order: WorkOrder): void {
    const { id, createdAt } = order;
    if (id > this.newest.id && createdAt < this.newest.createdAt) this.isOrdered = false;
    if (id > this.newest.id) this.newest = { id, createdAt };
    for (const [name, ids] of this.lists) put(ids, id, isInList(order, name));
    const text = [order.title, order.description, ...Object.values(order.customValues)].join('\n').toLowerCase();
    for (const [marker] of text.matchAll(MARKER)) {
      for (const stem of stems(marker)) {
        const known = this.mentions.get(stem);
        if (known === undefined) this.mentions.set(stem, new Set([id]));
        else known.add(id);
      }
    }
  }

  count(list: ListName): number {
    return this.lists.get(list)?.length ?? 0;
  }

  /** Ids of a list that were created in this span (ms, both inclusive), oldest first. */
  between(list: ListName, from: number, to: number): readonly number[] {
    const ids = this.lists.get(list) ?? [];
    const start = firstWhere(ids, (id) => this.createdAt(id) >= from);
    const end = firstWhere(ids, (id) => this.createdAt(id) > to);
    return start === 0 && end === ids.length ? ids : ids.slice(start, end);
  }

  /** Ids of orders that may hold this text, oldest first; null when only a walk over all can tell. */
  mentioning(text: string): number[] | null {
    if (!WHOLE_MARKER.test(text)) return null;
    return [...(this.mentions.get(text.replace(/-\d+$/, '')) ?? [])].sort((a, b) => a - b);
  }
}

/** `fd-acme-4711-1` and `fd-acme-4711`, whichever of them somebody asks for with one more number. */
function stems(marker: string): string[] {
  const found: string[] = [];
  for (let stem = marker; /-\d+$/.test(stem); stem = stem.replace(/-\d+$/, '')) found.push(stem);
  return found;
}

function put(ids: number[], id: number, isIn: boolean): void {
  const at = firstWhere(ids, (other) => other >= id);
  const wasIn = ids[at] === id;
  if (isIn && !wasIn) ids.splice(at, 0, id);
  else if (!isIn && wasIn) ids.splice(at, 1);
}

/** The first place where it holds; from there on it holds everywhere. */
function firstWhere(ids: readonly number[], holds: (id: number) => boolean): number {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(ids[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
