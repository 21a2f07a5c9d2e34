/**
 * What the notes of a ticket tell the dispatch. Promise: read-only; only private notes of agents or the system count as the
 * word of a merge, and only notes of our own making as ours.
 */
import type { Conversation, FreshdeskClient } from '../src/clients/freshdesk';
import type { Config } from '../src/config/schema';
import type { MergeRead, OwnEffectInput, OwnEffectRead, ReadMergeInput } from '../src/contract/ticket-calls';
import { lastLine } from '../src/domain/conversation/markers';
import { textOf } from './own-notes';
import type { Upstream } from './upstream';

export interface TicketNotesDeps {
  freshdesk: FreshdeskClient;
  config: { current(): Config };
  upstream: Upstream;
}

/** Pages of 100 that are read at most. */
const PAGES = 50;

/** The note of a merge comes with the close; clocks of seconds, and some time to write. In ms. */
const AROUND_CLOSE_MS = 60_000;

const isPrivateNote = ({ private: isPrivate, incoming }: Conversation): boolean => isPrivate !== false && !incoming;

/** The ticket that a note says this one was merged into; null when it says nothing like that. */
export function mergeTarget(text: string, phrases: readonly string[], own: number): number | null {
  const lower = text.toLowerCase();
  for (const phrase of phrases) {
    const at = lower.indexOf(phrase.toLowerCase());
    if (at < 0) continue;
    for (const [, digits] of text.slice(at + phrase.length).matchAll(/(?<![\d-])#?(\d{1,15})(?![\d-])/g)) {
      if (Number(digits) > 0 && Number(digits) !== own) return Number(digits);
    }
  }
  return null;
}

export const createTicketNotesActivities = ({ freshdesk, config, upstream }: TicketNotesDeps) => {
  async function entries(ticketId: number, signal: AbortSignal): Promise<Conversation[]> {
    const all: Conversation[] = [];
    for (let page = 1; page <= PAGES; page++) {
      const { items, hasMore } = await freshdesk.listConversations(ticketId, { page, perPage: 100 }, signal);
      all.push(...items);
      if (!hasMore) break;
    }
    return all;
  }

  return {
    /** Whether a private note around the close says that the ticket was merged into another one. */
    async readMerge({ ticketId, closedAt }: ReadMergeInput): Promise<MergeRead> {
      const { mergePhrases } = config.current().dispatch;
      return upstream('freshdesk', async (signal) => {
        const isNear = ({ created_at: at }: Conversation): boolean =>
          at === null || closedAt === null || Math.abs(Date.parse(at) - Date.parse(closedAt)) <= AROUND_CLOSE_MS;
        const notes = (await entries(ticketId, signal)).filter((item) => isPrivateNote(item) && isNear(item));
        const targets = notes.flatMap((note) => mergeTarget(textOf(note), mergePhrases, ticketId) ?? []);
        return { mergedInto: targets.at(-1) ?? null };
      });
    },

    /** What the ticket has already of an order whose work was done before this run knew of it. */
    async readOwnEffect({ ticketId, correlationId, at }: OwnEffectInput): Promise<OwnEffectRead> {
      return upstream('freshdesk', async (signal) => {
        const marker = `Deskbridge ${correlationId} work-done `;
        const noted = (await entries(ticketId, signal)).some(
          (item) => isPrivateNote(item) && lastLine(textOf(item)).startsWith(marker),
        );
        if (noted) return { noted, changedSince: false };
        const { stats } = await freshdesk.viewTicket(ticketId, { include: ['stats'] }, signal);
        const setAt = stats?.status_updated_at ?? null;
        return { noted, changedSince: at !== null && setAt !== null && Date.parse(setAt) > Date.parse(at) };
      });
    },
  };
};
