/**
 * Effects on the ticket. Promise: each is one call and safe to repeat – reads and PUTs by nature, the note by looking for
 * its marker before a second try. Open remains a note whose first answer was lost and whose listing lags.
 */
import { activityInfo, sleep } from '@temporalio/activity';
import type { FieldNationClient } from '../src/clients/field-nation';
import type { FreshdeskClient, Ticket, TicketPatch } from '../src/clients/freshdesk';
import type { Config } from '../src/config/schema';
import { sparing } from '../src/domain/ticket-change';
import type { Directory } from './directory';
import { decideEffect } from './effects';
import { mappingFailure } from './failures';
import { withOrderTold } from './order-told';
import { findNote } from './own-notes';
import { comparable, isClosedStatus, matchingTags, ruleValues, numberOf, triggerStatuses } from './rules';
import { asFieldValue } from './ticket-field-value';
import type { Upstream } from './upstream';
import type {
  UpdateTicketInput,
  WriteEffectInput,
  EffectWritten,
  TicketWritten,
  AddNoteInput,
  WrittenNote,
} from '../src/contract/ticket-calls';

export interface FreshdeskActivitiesDeps {
  freshdesk: FreshdeskClient;
  fieldNation: Pick<FieldNationClient, 'viewWorkOrder' | 'viewUser'>;
  directory: Directory;
  config: { current(): Config };
  upstream: Upstream;
}

/** A change that took longer, in ms, leaves its note to a call of its own: one that is let go of meanwhile must not write it late. */
const QUICK_MS = 2_000;
/** So long after a note that went wrong, in ms, nobody looks for it: Freshdesk may store it late. */
const NOTE_PAUSE_MS = 2_000;

/** Whether the status was set after the ticket was seen. Within that second, or where Freshdesk does not tell when, another status says so. */
function hasNewStatus({ status, stats }: Ticket, seen: NonNullable<UpdateTicketInput['seen']>): boolean {
  const setAt = stats?.status_updated_at ?? null;
  const later = setAt === null || seen.at === null ? 0 : Date.parse(setAt) - Date.parse(seen.at);
  return later === 0 ? status !== seen.status : later > 0;
}

export const createFreshdeskActivities = ({
  freshdesk,
  fieldNation,
  directory,
  config,
  upstream,
}: FreshdeskActivitiesDeps) => {
  async function changeTicket(input: UpdateTicketInput): Promise<TicketWritten> {
    const { ticketId, status, seen, fields, addTags, removeTags } = input;
    const { when } = config.current().dispatch;
    return upstream('freshdesk', async (signal) => {
      const statuses = await directory.ticketStatuses(signal);
      const number = status === null ? null : numberOf(status, statuses);
      if (status !== null && number === null) {
        directory.forget();
        throw mappingFailure(
          `The ticket status "${status}" does not exist in Freshdesk (it has ${[...statuses.keys()].join(', ')})`,
          'Correct ticketStatus under status in the config file, or add the status in Freshdesk (Admin > Ticket Fields > Status), then retry.',
        );
      }
      const patch: TicketPatch = {};
      if (number !== null) patch.status = number;
      const mayBeWritten = number !== null && seen !== undefined && activityInfo().attempt > 1;
      const changesTags = addTags.length + removeTags.length > 0;
      const include = mayBeWritten ? (['stats'] as const) : [];
      const before = mayBeWritten || changesTags ? await freshdesk.viewTicket(ticketId, { include }, signal) : null;
      // Carried out already, its answer is missing: who has set another status since is not overruled.
      const isSet = mayBeWritten && before !== null && hasNewStatus(before, seen);
      if (isSet) delete patch.status;
      const types = await directory.ticketFieldTypes(signal);
      const values = Object.entries(fields).map(([name, value]) => [name, asFieldValue(value, types.get(name))]);
      if (values.length > 0) patch.custom_fields = Object.fromEntries(values) as typeof fields;
      if (before && changesTags) {
        const gone = comparable(removeTags);
        const kept = before.tags.filter((tag) => !gone.includes(tag.trim().toLowerCase()));
        const missing = addTags.filter((tag) => !comparable(kept).includes(tag.trim().toLowerCase()));
        patch.tags = [...kept, ...missing];
      }
      const writesNothing = before !== null && Object.keys(patch).length === 0;
      const ticket = writesNothing ? before : await freshdesk.updateTicket(ticketId, patch, signal);
      return {
        // The last change may be the person's, which is still to be looked at.
        updatedAt: writesNothing ? null : ticket.updated_at,
        statusSetAt: isSet && before.status === number ? (before.stats?.status_updated_at ?? null) : null,
        write: {
          status: number,
          closed: number !== null && isClosedStatus(number),
          statusMatches: number !== null && triggerStatuses(when, statuses).numbers.includes(number),
          addedTags: comparable(addTags),
          removedTags: comparable(removeTags),
          matchingTags: matchingTags(when, ticket.tags),
          values: ruleValues(
            config.current().dispatch,
            ticket,
            await directory.ruleLabels({ companyId: null }, signal),
          ),
          setKeys: Object.keys(fields),
        },
      };
    });
  }

  async function addNote({ ticketId, body, marker, lookFirst }: AddNoteInput): Promise<WrittenNote> {
    return upstream('freshdesk', async (signal) => {
      if (lookFirst || activityInfo().attempt > 1) {
        const existing = await findNote(freshdesk, { ticketId, marker: `Deskbridge ${marker}`, from: 1 }, signal);
        if (existing) return existing;
      }
      const note = await freshdesk.addNote(ticketId, { body, private: true }, signal);
      return { noteId: note.id, createdAt: note.created_at };
    });
  }

  return {
    /** Writes the work order's id into the ticket's link field; does nothing when none is configured. */
    async linkTicket({
      ticketId,
      workOrderId,
    }: {
      ticketId: number;
      workOrderId: number;
    }): Promise<{ updatedAt: string | null; status: number | null; tags: string[] }> {
      const { linkField } = config.current().dispatch;
      if (linkField === null) return { updatedAt: null, status: null, tags: [] };
      return upstream('freshdesk', async (signal) => {
        const types = await directory.ticketFieldTypes(signal);
        const value = types.get(linkField) === 'custom_number' ? workOrderId : String(workOrderId);
        const ticket = await freshdesk.updateTicket(ticketId, { custom_fields: { [linkField]: value } }, signal);
        return { updatedAt: ticket.updated_at, status: ticket.status, tags: comparable(ticket.tags) };
      });
    },

    /** Sets status, custom fields and tags. Tags are read, merged and written, which costs one more call. */
    async updateTicket(input: UpdateTicketInput): Promise<TicketWritten> {
      return changeTicket(input);
    },

    /** Decides by the config of now what a status does to the ticket, and writes that; `withNote`, the note goes along. */
    async writeEffect(input: WriteEffectInput): Promise<EffectWritten> {
      const { seen, spared, withNote = false } = input;
      const effect = await withOrderTold(input.effect, { fieldNation, config, upstream });
      const begun = performance.now();
      const decision = decideEffect(config.current(), effect, null);
      const update = decision === 'needs-ticket' ? null : (decision?.update ?? null);
      const change = update && sparing(update, spared);
      const isRepeat = activityInfo().attempt > 1;
      const unnoted = { noted: null, noteTried: isRepeat };
      if (!change) return { decision, change: null, written: null, ...unnoted };
      const { ticketId } = effect;
      const written = await changeTicket({ ticketId, ...(seen && { seen }), ...change });
      const note = withNote && decision !== 'needs-ticket' ? decision?.note : null;
      const isQuick = !isRepeat && performance.now() - begun <= QUICK_MS;
      if (!note || !isQuick) return { decision, change, written, ...unnoted };
      // What hinders the note is no reason to repeat the change: it is written by a call of its own, which looks first.
      const noted = await addNote({ ticketId, ...note, lookFirst: false }).catch(() => sleep(NOTE_PAUSE_MS));
      return { decision, change, written, noted: noted ?? null, noteTried: true };
    },

    /** Adds a private note once: from the second attempt on its marker is looked for first. */
    async addNote(input: AddNoteInput): Promise<WrittenNote> {
      return addNote(input);
    },
  };
};
