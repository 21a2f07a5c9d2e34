/**
 * Where a visit can go from where it stands: the whole machine as one table, from which the picture in docs/architecture.md
 * is drawn. What is not in the table cannot happen.
 */
import type { Visit, VisitStage } from '../../contract/visit';
import { isFinal } from '../status';

/** What can happen to a visit, in words. */
export type StageEvent =
  | 'mapped'
  | 'cannot be mapped'
  | 'needs a yes'
  | 'created'
  | 'found'
  | 'unanswered'
  | 'called off, may have an order'
  | 'surely not created'
  | 'linked'
  | 'linked, nothing to publish'
  | 'published'
  | 'left as a draft'
  | 'is out already'
  | 'nobody took it'
  | 'called off'
  | 'cancelled'
  | 'lives again';

type Ways = Partial<Record<StageEvent, VisitStage>>;

/** As long as no order is known, each look may plan anew. */
const WITHOUT_ORDER: Ways = {
  mapped: 'create',
  'needs a yes': 'approval',
  'cannot be mapped': 'plan',
  found: 'link',
  'called off': 'ended',
  'called off, may have an order': 'unsure',
};

export const STAGES: Record<VisitStage, Ways> = {
  plan: WITHOUT_ORDER,
  approval: WITHOUT_ORDER,
  create: { ...WITHOUT_ORDER, created: 'link', unanswered: 'unsure' },
  unsure: { found: 'link', 'surely not created': 'create', 'called off': 'ended' },
  link: { linked: 'publish', 'linked, nothing to publish': 'open', cancelled: 'ended' },
  publish: { published: 'open', 'left as a draft': 'open', 'is out already': 'open', cancelled: 'ended' },
  open: { 'nobody took it': 'publish', cancelled: 'ended' },
  ended: { 'lives again': 'open', found: 'link', cancelled: 'ended' },
};

/** Moves a visit along the table. @throws Error when the table has no such way: a fault of ours, which stops the run's task. */
export function move(visit: Visit, event: StageEvent): void {
  const next = STAGES[visit.stage][event];
  if (next === undefined) throw new Error(`visit ${visit.number} is in stage ${visit.stage}: it cannot be ${event}`);
  visit.stage = next;
  visit.notBefore = null;
}

/** Nothing of the ticket goes to the order any more. */
export const isOrderOver = ({ stage, status }: Visit): boolean =>
  stage === 'ended' || (status !== null && isFinal(status.key));

/** The table as a Mermaid diagram. */
export function drawStages(): string {
  const ways = Object.entries(STAGES).flatMap(([from, events]) =>
    Object.entries(events).map(([event, to]) => `  ${from} --> ${to}: ${event}`),
  );
  return ['stateDiagram-v2', '  [*] --> plan', ...ways, '  ended --> [*]', '  open --> [*]: final for 14 days'].join(
    '\n',
  );
}
