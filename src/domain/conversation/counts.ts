/**
 * How many messages and provider's files a work order says it has. Promise: total, read alike from the full order of a
 * webhook or list and from a reduced event. It costs no call, so that a message or file that no webhook told of is found
 * by whatever shows the order next. Source: Field Nation contract 4.6, 10 and 11.
 */

/** Null where the order doesn't say. Files are those beside the client's documents. */
export interface ConversationCounts {
  messages: number | null;
  files: number | null;
}

/** What a dispatch has read of its order; `files` is absent while nobody wants them. */
export interface ReadCounts {
  messages?: number;
  files?: number;
}

type Bag = Record<string, unknown>;

const bag = (value: unknown): Bag => (value && typeof value === 'object' ? (value as Bag) : {});

/** Field Nation writes numbers as text in places. */
const count = (value: unknown): number | null => {
  const given = typeof value === 'number' || (typeof value === 'string' && value !== '') ? Number(value) : NaN;
  return Number.isSafeInteger(given) && given >= 0 ? given : null;
};

const total = (collection: unknown): number | null => count(bag(bag(collection).metadata).total);

/** The folder of the client's documents, which is what files of the ticket go to. */
export const isDocuments = ({ type, name }: { type?: unknown; name?: unknown }): boolean =>
  type === 'document' || (typeof name === 'string' && /^documents$/i.test(name));

function filesOf(attachments: unknown): number | null {
  const folders = bag(attachments).results;
  if (!Array.isArray(folders)) return null;
  const others = folders.map(bag).filter((folder) => !isDocuments(folder));
  return others.reduce((sum: number, folder) => {
    return sum + (Array.isArray(folder.results) ? folder.results.length : (total(folder) ?? 0));
  }, 0);
}

export function conversationCounts(order: unknown): ConversationCounts {
  const { messages, attachments } = bag(order);
  return { messages: total(messages), files: filesOf(attachments) };
}

/** The same counts as parts of an order. */
export const countedParts = ({ messages, files }: ConversationCounts): Bag => ({
  ...(messages === null ? {} : { messages: { metadata: { total: messages } } }),
  ...(files === null ? {} : { attachments: { results: [{ type: 'slot', metadata: { total: files } }] } }),
});

/** True when the order has more than its dispatch has read. */
export const hasUnread = (read: ReadCounts, seen: ConversationCounts): boolean =>
  (read.messages !== undefined && (seen.messages ?? 0) > read.messages) ||
  (read.files !== undefined && (seen.files ?? 0) > read.files);
