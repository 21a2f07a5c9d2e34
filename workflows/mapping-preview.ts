/**
 * `mappingPreview`: one look at a ticket through the queue, so that an operator's question counts against the same quota
 * as everything else. Promise: it ends within a minute or two, with the preview or with the reason why there is none.
 */
import { setCurrentDetails } from '@temporalio/workflow';

import type { PreviewResult } from '../src/contract/preview';
import { briefly } from './proxies';
import { stepFailure } from './step-failure';
import type { PreviewInput } from '../src/contract/run-inputs';

/** There is nothing yet that could be retried or cancelled. */
const NO_TICKET = 'Check the number, and look in Freshdesk whether the ticket was deleted or marked as spam.';

export async function mappingPreview(input: PreviewInput): Promise<PreviewResult> {
  const what = `the mapping of ticket ${input.ticketId}`;
  setCurrentDetails(`**preview** – waiting for Freshdesk: ${what} is tried, nothing is sent`);
  try {
    const preview = await briefly.previewMapping(input);
    setCurrentDetails(`**done** – ${what} was shown; problems: ${preview.problems.length}`);
    return { preview };
  } catch (error) {
    const { type, detail, remedy: ofCall } = stepFailure(error);
    const remedy = type === 'NotFound' ? NO_TICKET : ofCall;
    setCurrentDetails(`**failed** – ${what} could not be tried: ${detail}\n\n**What to do:** ${remedy}`);
    return { refusal: { type, detail, remedy } };
  }
}
