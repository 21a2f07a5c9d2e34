/**
 * Drafts with an id of ours that no dispatch holds. Promise: nothing is deleted and nothing published: a running owner is
 * told, and where there is none the draft goes to a new run of its dispatch, which asks a person about it.
 */
import { draftEvent } from '../../src/domain/sweep/sweep-events';
import { isVerdict } from '../../src/domain/sweep/sweep-state';
import type { Sweep } from './sweep';
import { takenOverKey, takeOver } from './take-over';
import type { ListedDraft, TicketStanding } from '../../src/contract/sweep-calls';

/** A create that was not answered is looked up by its own dispatch first, in ms. */
const ORPHAN_AFTER_MS = 15 * 60 * 1000;

/** Drafts of ours that are old enough, one page a sweep: they are few, and the pages take turns. */
export async function listDrafts(sweep: Sweep): Promise<ListedDraft[]> {
  const { orders: marks } = sweep.marks;
  const { account, orphanAfter = ORPHAN_AFTER_MS } = sweep.input;
  const { answer, why } = await sweep.ask('field-nation', () =>
    sweep.calls.fieldNation.listDrafts({ account, page: marks.draftsPage }),
  );
  if (!answer) {
    // A page that is no more: the list has become shorter.
    if (isVerdict(why)) marks.draftsPage = 1;
    return [];
  }
  marks.draftsPage = answer.nextPage ?? 1;
  sweep.result.drafts.listed += answer.listed;
  return answer.drafts.filter(({ createdAt }) => {
    return orphanAfter === 0 || createdAt === null || sweep.now() - Date.parse(createdAt) >= orphanAfter;
  });
}

export async function sweepDrafts(sweep: Sweep, drafts: ListedDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  const ticketIds = [...new Set(drafts.map(({ ticketId }) => ticketId))];
  const standings = await sweep.calls.engine.sweptStandings({ ticketIds });
  for (const draft of drafts) {
    const owner = standings.find(({ ticketId }) => ticketId === draft.ticketId) ?? null;
    if (!owner?.running) {
      if (!(await handOver(sweep, draft))) return;
    } else if (!owner.sync?.orders.some(({ id }) => id === draft.workOrderId)) {
      await tellOwner(sweep, draft, owner);
    }
  }
}

async function tellOwner(sweep: Sweep, draft: ListedDraft, owner: TicketStanding): Promise<void> {
  const event = draftEvent(draft);
  if (sweep.wasTold(event.delivery)) return;
  const { workOrderId } = draft;
  const told = await sweep.calls.engine.tellOrder({
    ticketId: owner.ticketId,
    workOrderId,
    known: null,
    events: [event],
  });
  if (!told) return;
  sweep.noteTold(event.delivery);
  sweep.result.drafts.signalled += 1;
  sweep.count('draft', 1);
}

/** False when the budget, or an upstream, ends it. */
async function handOver(sweep: Sweep, draft: ListedDraft): Promise<boolean> {
  const { workOrderId } = draft;
  if (sweep.wasTold(takenOverKey(workOrderId))) return true;
  // Lists lag: it may be published or deleted by now.
  const read = await sweep.ask('field-nation', () => sweep.calls.fieldNation.readWorkOrder({ workOrderId }));
  if (!read.answer) return isVerdict(read.why);
  if (read.answer.status === 'draft') await takeOver(sweep, draft);
  return true;
}
