/** What a run takes of the input that it was given: its account and ticket come from its id, all else only when it has the right form. */
import {
  DEFAULT_ALERTS_POLICY,
  DEFAULT_BATCH_POLICY,
  DEFAULT_DISPATCHING_POLICY,
  DEFAULT_POLICY,
  DEFAULT_SITES_POLICY,
} from './policy';
import { parentOfSites, parseTicketRun } from './run-ids';

export interface StartedRun {
  account: string;
  workflowType: string;
  workflowId: string;
  /** It goes on from a run before it, so that what it carries is its own. */
  isContinued: boolean;
}

type Given = Record<string, unknown>;

const isObject = (value: unknown): value is Given =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Each wait of the policy has its kind. */
const isLike = (value: unknown, model: unknown): boolean => {
  if (Array.isArray(model)) return Array.isArray(value) && value.every((item) => typeof item === 'number');
  if (!isObject(model)) return typeof value === typeof model;
  return isObject(value) && Object.entries(model).every(([key, part]) => isLike(value[key], part));
};

const LINKS = { ticket: '', workOrders: '' };

/** The input with which the run begins. */
export function completedInput(
  { account, workflowType, workflowId, isContinued }: StartedRun,
  given: unknown,
): unknown {
  const known: Given = isObject(given) ? { ...given, account } : { account };
  if (!isContinued) delete known.carried;
  switch (workflowType) {
    case 'ticketDispatch':
      if (!isLike(known.policy, DEFAULT_POLICY)) delete known.policy;
      if (!isLike(known.links, LINKS)) delete known.links;
      return { ...known, ticketId: parseTicketRun(workflowId)?.ticketId };
    case 'alerts':
      return isLike(known.policy, DEFAULT_ALERTS_POLICY) ? known : { ...known, policy: DEFAULT_ALERTS_POLICY };
    case 'dispatching':
      if (!isObject(known.known)) delete known.known;
      return isLike(known.policy, DEFAULT_DISPATCHING_POLICY)
        ? known
        : { ...known, policy: DEFAULT_DISPATCHING_POLICY };
    case 'dispatchBatch':
      return isLike(known.policy, DEFAULT_BATCH_POLICY) ? known : { ...known, policy: DEFAULT_BATCH_POLICY };
    case 'siteProgress':
      if (!isLike(known.policy, DEFAULT_SITES_POLICY)) delete known.policy;
      return { ...known, ticketId: parentOfSites(account, workflowId) };
    default:
      return known;
  }
}
