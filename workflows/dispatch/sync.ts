/** What is kept of a visit so that its order follows the ticket: prints, no values. */
import type { OrderSync } from '../../src/contract/memory';

export const nothingSent = (): OrderSync => ({ content: null, sent: {}, refused: {}, wantedAt: null, untold: [] });
