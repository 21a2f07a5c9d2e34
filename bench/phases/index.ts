/** All phases, in the order in which they run. */
import { contactsAtOnce, contactsMerged, contactsPaced } from './contacts';
import { completionPhases, dispatchPhases } from './dispatches';
import { droppedInBatches, droppedSingly } from './dropped';
import { openPhase } from './open';
import { pagePhase } from './page';
import type { Phase } from './phase';
import { quotaPhases } from './quota';

export const PHASES: Phase[] = [
  droppedInBatches,
  droppedSingly,
  ...[contactsAtOnce, contactsMerged, contactsPaced],
  ...dispatchPhases,
  ...completionPhases,
  openPhase,
  pagePhase,
  ...quotaPhases,
];
