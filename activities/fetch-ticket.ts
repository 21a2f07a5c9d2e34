/**
 * Reading the ticket. Promise: one call, read-only; the rule and the mapping of the config of now are applied to what came,
 * so that their results stand in history.
 */
import type { FreshdeskClient, Ticket, TicketInclude } from '../src/clients/freshdesk';
import type { Config } from '../src/config/schema';
import type { MoneyGate } from '../src/contract/dispatching';
import type { LookInput, LookRules, TicketLook } from '../src/contract/ticket-calls';
import { NEWS_KEYS } from '../src/domain/status';
import { ruleMatches, type TicketSight } from '../src/domain/trigger';
import { factsOf } from '../src/domain/visit-facts';
import type { Directory } from './directory';
import { writingStatuses } from './effects';
import type { FileLinks } from './file-links';
import { ticketFiles } from './files';
import type { RunPast } from './looking-first';
import { includesFor, lastingProblems, mapTicket } from './map-ticket';
import { contentOf, planned } from './order-change';
import { routeIncludes, routeRules } from './route-to';
import { GONE_SIGHT } from './rules';
import { readSight } from './sight';
import { parentOf } from './sites';
import type { Upstream } from './upstream';
import { viewIfThere } from './view-ticket';

export interface FetchTicketDeps {
  freshdesk: FreshdeskClient;
  directory: Directory;
  links: FileLinks;
  config: { current(): Config };
  gate: Pick<MoneyGate, 'matchedBefore' | 'triggerGone'>;
  run: Pick<RunPast, 'unmatchedAt'>;
  upstream: Upstream;
}

/** The rules of a look, from the config of now. */
function rulesOf(config: Config): Omit<LookRules, 'afterCreate' | 'routeTo'> {
  const { dispatch } = config;
  return {
    ...(dispatch.routeFor === null ? {} : { routedFor: dispatch.routeFor }),
    onTicketClosed: dispatch.onTicketClosed,
    onTicketMerged: dispatch.onTicketMerged,
    onTriggerRemoved: dispatch.onTriggerRemoved,
    createPatienceMs: dispatch.createPatience,
    patienceMs: dispatch.patience,
    payAbove: dispatch.approval.payAbove,
    ticketNote: config.alerts.ticketNote,
    hasLinkField: dispatch.linkField !== null,
    conversation: {
      entries: dispatch.notes.toFieldNation,
      files: dispatch.attachments,
      deliverables: dispatch.deliverables,
    },
    writes: writingStatuses(config),
    news: NEWS_KEYS.filter((key) => config.status[key] !== undefined),
  };
}

export const createFetchTicketActivities = (deps: FetchTicketDeps) => {
  const { freshdesk, directory, links, config, gate, run, upstream } = deps;

  /** A ticket that matched before the account could dispatch starts nothing until its trigger has gone. */
  async function matchedBefore({ first }: LookInput, { id, created_at: createdAt }: Ticket, sight: TicketSight) {
    if (!first || sight.gone !== null) return false;
    const before = await gate.matchedBefore({ id, createdAt });
    if (ruleMatches(sight) || before !== true) return before;
    await gate.triggerGone(id);
    return false;
  }

  return {
    /** Reads the ticket, applies the rule of the current config and, when a plan is asked for, maps it. Never writes. */
    async fetchTicket(input: LookInput): Promise<TicketLook> {
      const { account, ticketId, plan, first } = input;
      const current = config.current();
      const { dispatch } = current;
      const mapping = { config: current, directory };
      const wantsEntries = first && (dispatch.notes.toFieldNation || dispatch.attachments);
      return upstream('freshdesk', async (signal) => {
        const include: TicketInclude[] = [
          ...new Set([...(plan ? includesFor(current) : []), ...routeIncludes(current)]),
          ...(wantsEntries ? CONVERSATIONS : []),
        ];
        const ticket = await viewIfThere({ freshdesk, directory }, ticketId, include, signal);
        const rules = { ...rulesOf(current), ...(await routeRules(mapping, { ticket, account }, signal)) };
        const nothing = { plan: null, update: null, content: null, files: [], createdAt: null, lastEntryAt: null };
        if (!ticket) {
          return { sight: GONE_SIGHT, updatedAt: null, rules, ...nothing, unknownStatuses: [], matchedBefore: false };
        }
        const { sight, unknownStatuses } = await readSight(directory, dispatch, ticket, signal);
        const lastEntry = wantsEntries ? lastEntryAt(ticket) : null;
        const unmatchedAt = wantsEntries && ruleMatches(sight) && lastEntry !== NEVER ? await run.unmatchedAt() : null;
        const look: TicketLook = {
          sight,
          updatedAt: ticket.updated_at,
          rules,
          ...nothing,
          createdAt: ticket.created_at,
          lastEntryAt: lastEntry,
          ...(unmatchedAt === null ? {} : { unmatchedAt }),
          content: contentOf(current, ticket),
          ...(ticket.requester_id === null ? {} : { group: groupOf(ticket.requester_id) }),
          ...parentOf(ticket, dispatch),
          files: dispatch.attachments ? ticketFiles(ticket, links) : [],
          unknownStatuses,
          matchedBefore: await matchedBefore(input, ticket, sight),
        };
        if (!plan) return { ...look, facts: factsOf(ticket.subject) };
        const toMap = { ticket, account, ...plan };
        const mapped = await mapTicket(mapping, toMap, signal);
        const lasting = await lastingProblems(mapping, toMap, mapped.problems, signal);
        const routeProblems = plan.since || !rules.routeProblem ? [] : [rules.routeProblem];
        const comes = mapped.problems.length > 0 && lasting.length === 0 && routeProblems.length === 0;
        const problems = [...(comes ? mapped.problems : lasting), ...routeProblems];
        const made = planned({ ...mapped, problems }, plan, comes);
        const { cost } = made.plan ?? made.update ?? { cost: null };
        return { ...look, ...made, facts: factsOf(ticket.subject, { payload: mapped.payload, cost }) };
      });
    },
  };
};

/** Temporal shows it in plain text, so it names no person. */
const groupOf = (requester: number): string => `requesters-${requester % 1000}`;

const CONVERSATIONS: readonly TicketInclude[] = ['conversations'];

/** So many are embedded at most, the oldest first: with so many there may be younger ones. */
const EMBEDDED = 10;

/** When somebody wrote on the ticket last: `never`, a moment, or null where the embed does not tell. */
function lastEntryAt({ conversations }: Ticket): string | null {
  if (conversations.length >= EMBEDDED) return null;
  const times = conversations.map(({ created_at: at }) => at);
  return times.includes(null) ? null : (times.sort().at(-1) ?? NEVER);
}

/** Before anything that was ever written. */
const NEVER = '1970-01-01T00:00:00.000Z';
