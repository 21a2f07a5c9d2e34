/**
 * Why the ticket is to be read, and when. Promise: a read that has to be repeated keeps its reasons; what comes in while it
 * is under way is about the next one.
 */
import type { LookRequest } from '../../contract/memory';
import type { Dispatch } from './dispatch';
import { knowsOfEnd } from './visit-of-event';

/** Why a look was asked for, as far as it says what an edge is worth. */
export interface Asked {
  wanted: boolean;
  /** Only reconcile asked for it. */
  swept: boolean;
  /** Somebody asked while a visit was open; both may be true of a look that had to wait. */
  whileOpen: boolean;
}

/** Somebody asks for a look or a visit; what is asked for already was asked for then. */
export function askForLook(dispatch: Dispatch, by: 'reconcile' | null): void {
  const { look, commands } = dispatch.memory;
  if (!look.wanted && commands.visit === null) look.askedAt = dispatch.at();
  if (dispatch.isOpen() && !knowsOfEnd(dispatch)) look.whileOpen = true;
  // Once anybody else asks for the look, what it finds may be an edge.
  look.sweptOnly = by === 'reconcile' && (look.sweptOnly || !look.wanted);
  look.wanted = true;
}

/** The reasons of the look that begins now. */
export function takeRequest({ memory: { look } }: Dispatch): Asked {
  const asked = { wanted: look.wanted, swept: look.sweptOnly, whileOpen: look.whileOpen };
  Object.assign(look, {
    wanted: false,
    sweptOnly: false,
    whileOpen: false,
    notBefore: null,
  } satisfies Partial<LookRequest>);
  return asked;
}

/** A look that has to be repeated keeps its reasons, unless a better one came meanwhile. */
export function keepRequest({ memory: { look } }: Dispatch, { swept, whileOpen }: Asked): void {
  look.sweptOnly = swept && (!look.wanted || look.sweptOnly);
  look.whileOpen = whileOpen || look.whileOpen;
  look.wanted = true;
}

/** Repeats the look for the same reasons, not before `waitMs`. */
export function lookLater(dispatch: Dispatch, asked: Asked, waitMs: number): void {
  keepRequest(dispatch, asked);
  dispatch.memory.look.notBefore = dispatch.at(waitMs);
}
