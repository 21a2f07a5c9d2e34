/** What a person asked for with `dispatch` and its options; judged before anything is read or called. */
import { isBatchName } from '../../contract/run-ids';
import { UsageError } from '../../command-errors';

export interface BulkAsked {
  query?: string;
  file?: string;
  batch?: string;
  nextVisit: boolean;
  yes: boolean;
  stop: boolean;
  json: boolean;
}

/** Of Freshdesk's search, in characters. */
const LONGEST_QUERY = 512;

/** @throws UsageError for options that do not go together */
export function checkAsked({ query, file, batch, nextVisit, yes, stop }: BulkAsked): void {
  if ([query, file, batch].filter((one) => one !== undefined).length !== 1) {
    throw new UsageError('Give one of --query, --file and --batch.');
  }
  if (batch === undefined) {
    if (stop) throw new UsageError('--stop goes with --batch.');
    return;
  }
  if (nextVisit) throw new UsageError('--next-visit goes with --query or --file: the list of a batch is made already.');
  if (yes && stop) throw new UsageError('Give either --yes or --stop.');
  if (!isBatchName(batch)) throw new UsageError(`"${batch}" is not the name of a batch, such as batch-k3f9x2.`);
}

/** Without the quotes around it. @throws UsageError */
export function queryOf(text: string): string {
  const query = text
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .trim();
  if (query === '') throw new UsageError('--query: give a search such as "status:2 AND tag:\'on-site\'".');
  if (query.length > LONGEST_QUERY) {
    throw new UsageError(`--query: ${query.length} characters; Freshdesk takes ${LONGEST_QUERY} at most.`);
  }
  if (query.includes('"')) throw new UsageError("--query: put values into single quotes, such as tag:'on-site'.");
  return query;
}
