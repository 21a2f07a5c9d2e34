/** All phases, in the order in which they run. */
import { contactsAtOnce, contactsMerged, contactsPaced } from './contacts';
import { droppedInBatches, droppedSingly } from './dropped';
import type { Phase } from './phase';

export const PHASES: Phase[] = [droppedInBatches, droppedSingly, contactsAtOnce, contactsMerged, contactsPaced];
