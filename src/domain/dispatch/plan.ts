/** What a fresh mapping means for a visit that has no order yet. Source: interface, section 8, *Money needs a yes*. */
import type { DispatchPlan, LookRules, TicketLook } from '../../contract/ticket-calls';
import type { Visit } from '../../contract/visit';
import { mappingAttention } from '../mapping-attention';
import { block, unblock } from './blocks';
import type { Dispatch } from './dispatch';
import { askForYes, isAbove, mayCost } from './money';
import { move } from './stages';

/** The plan would wait for a yes that nobody has given. */
export const isMoneyOpen = (plan: DispatchPlan, { payAbove }: LookRules): boolean =>
  plan.problems.length === 0 && isAbove(plan.cost, payAbove);

/** Takes over the mapping of a look, unless the visit has no use for it any more. */
export function takePlan(dispatch: Dispatch, visit: Visit, look: TicketLook): void {
  visit.rules = look.rules;
  // The ticket names somebody by now: a change of it is noticed by itself.
  const isRouteAsked = dispatch.memory.blocked.some((b) => b.step === 'publish' && b.attention.reason === 'mapping');
  if (isRouteAsked && !look.rules.routeProblem) unblock(dispatch, 'publish');
  const { plan } = look;
  if (plan === null || !['plan', 'approval', 'create'].includes(visit.stage)) return;
  visit.sync.content = look.content?.print ?? null;
  visit.sync.start = plan.start;
  if (plan.problems.length > 0) {
    move(visit, 'cannot be mapped');
    visit.approval = null;
    unblock(dispatch, 'approval');
    const summary = `The ticket cannot be mapped: ${plan.problems.map((p) => p.target).join(', ')}`;
    block(dispatch, 'plan', mappingAttention(plan.problems), summary);
    return;
  }
  unblock(dispatch, 'plan');
  visit.plan = plan;
  if (!mayCost(visit, plan, look.rules)) {
    move(visit, 'needs a yes');
    if (visit.approval?.of !== 'order' || visit.approval.amount !== plan.cost)
      askForYes(dispatch, visit, { of: 'order', amount: plan.cost, print: null });
    return;
  }
  if (visit.approval?.of === 'hour') {
    // The hour is still full, as far as anybody knows; what is shown is the sum of now.
    if (visit.approval.amount !== plan.cost) askForYes(dispatch, visit, { of: 'hour', amount: plan.cost, print: null });
    return;
  }
  visit.approval = null;
  unblock(dispatch, 'approval');
  if (visit.stage === 'plan')
    dispatch.note('Mapped', `${visit.correlationId}: ${Object.keys(plan.payload).join(', ')}`);
  move(visit, 'mapped');
}
