/**
 * What a dispatch does next. Promise: pure; one step, or null when everything waits. Order: calling off, doubts, the ticket,
 * who owns what, the order, its changes, its effects on the ticket.
 */
import type { Visit } from '../../contract/visit';
import { isBlocked } from './blocks';
import type { Dispatch } from './dispatch';
import { decideEffects } from './effects';
import { decideCheck } from './check';
import { lookStep } from './look';
import { decideMerge } from './loss';
import { lookUpStep, surplusStep } from './look-up';
import { createStep, linkStep } from './order';
import { decideOwnership } from './ownership';
import { decideTellParent } from './parent';
import { cancelStep, MOST_PUT_OFF, publishStep } from './publish';
import { decideAgentNote } from './agent-notes';
import { fallBack, isFallBackDue } from './route-fall-back';
import { looksAreShared, shareWait } from './share';
import { DECISION, LINK_QUESTION, type Step } from './steps';
import { updateIsAhead, updateIsDue, updateStep } from './update';

export function decide(dispatch: Dispatch): Step | null {
  return (
    decideCancel(dispatch) ??
    decideCheck(dispatch) ??
    decideLook(dispatch) ??
    decideOwnership(dispatch) ??
    decideMerge(dispatch) ??
    decideOrder(dispatch) ??
    decideUpdate(dispatch) ??
    decideEffects(dispatch) ??
    decideAgentNote(dispatch) ??
    decideTellParent(dispatch)
  );
}

function decideCancel(dispatch: Dispatch): Step | null {
  const visit = dispatch.newest;
  if (!visit?.cancel || visit.stage === 'ended' || isBlocked(dispatch, 'cancel')) return null;
  // An unsure create is looked up first; that is a step of its own.
  if (visit.stage === 'unsure' || !dispatch.isDue(visit.notBefore)) return null;
  return cancelStep(dispatch, visit);
}

function decideLook(dispatch: Dispatch): Step | null {
  const { look, commands, ownership } = dispatch.memory;
  const isWanted = (look.wanted || commands.visit !== null) && ownership === null;
  return isWanted && mayLook(dispatch) && dispatch.isDue(look.notBefore) && !isBlocked(dispatch, 'ticket')
    ? lookStep(dispatch)
    : null;
}

const mayLook = (dispatch: Dispatch): boolean => !looksAreShared(dispatch) || shareWait(dispatch, 'looks') === null;

function decideOrder(dispatch: Dispatch): Step | null {
  const visit = dispatch.newest;
  if (!visit || !dispatch.isDue(visit.notBefore)) return null;
  // At whatever stage: what could not be deleted at once is deleted later, and nobody else would.
  if (visit.surplus.length > 0 && !isBlocked(dispatch, 'find')) return surplusStep(visit);
  switch (visit.stage) {
    case 'create':
      return mayGoOn(dispatch, visit, 'create') && !needsNews(dispatch) && maySpend(dispatch)
        ? createStep(dispatch, visit)
        : null;
    case 'unsure':
      return isBlocked(dispatch, 'find') ? null : lookUpStep(dispatch, visit);
    case 'link':
      return mayGoOn(dispatch, visit, 'link') && dispatch.mayWrite() ? linkStep(dispatch, visit) : null;
    case 'publish':
      return mayPublish(dispatch, visit) ? publishStep(dispatch, visit) : null;
    case 'open':
      if (!isFallBackDue(dispatch) || !mayPublish(dispatch, visit)) return null;
      fallBack(dispatch, visit);
      return publishStep(dispatch, visit);
    case 'plan':
    case 'approval':
    case 'ended':
      return null;
  }
}

/** What providers are offered is what the ticket says now. */
function mayPublish(dispatch: Dispatch, visit: Visit): boolean {
  // A look that is asked for again and again must not keep an order from the technicians for ever; a ticket seen closed does.
  const waitsForNews = dispatch.memory.look.wanted && visit.publishPutOff < MOST_PUT_OFF;
  const isLost = dispatch.memory.loss !== null;
  const isReady = mayGoOn(dispatch, visit, 'publish') && !isLost && !waitsForNews && !updateIsAhead(dispatch, visit);
  return isReady && maySpend(dispatch);
}

/** What cannot be taken back at no cost waits for a look that is due, late or blocked. */
const needsNews = ({ memory }: Dispatch): boolean => memory.look.wanted || memory.loss !== null;

/** Asked again from time to time while dispatching is paused: its end may have gone unheard. */
const maySpend = (dispatch: Dispatch): boolean => dispatch.isDue(dispatch.memory.paused?.nextTry ?? null);

const mayGoOn = (dispatch: Dispatch, visit: Visit, name: 'create' | 'link' | 'publish'): boolean =>
  !visit.cancel && ![name, DECISION, LINK_QUESTION].some((step) => isBlocked(dispatch, step));

function decideUpdate(dispatch: Dispatch): Step | null {
  const { newest: visit, memory } = dispatch;
  if (!visit) return null;
  if (visit.sync.sending) return maySpend(dispatch) ? updateStep(dispatch, visit) : null;
  return !memory.look.wanted && mayLook(dispatch) && updateIsDue(dispatch, visit) ? lookStep(dispatch) : null;
}
