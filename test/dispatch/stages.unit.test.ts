/** The table of stages is the machine: its picture is current, and no way leads past it. */
import { readFileSync } from 'node:fs';
import { DOCUMENT, withStages } from '../../scripts/stage-picture';
import type { Visit, VisitStage } from '../../src/contract/visit';
import { Dispatch } from '../../src/domain/dispatch/dispatch';
import { emptyMemory, startVisit } from '../../src/domain/dispatch/empty-memory';
import { move, STAGES, type StageEvent } from '../../src/domain/dispatch/stages';

const visitIn = (stage: VisitStage): Visit => {
  const dispatch = new Dispatch({ account: 'acme', ticketId: 4711 }, emptyMemory(), () => 0);
  return Object.assign(startVisit(dispatch, 1), { stage, notBefore: '2027-01-01T00:00:00.000Z' });
};
const EVENTS = [...new Set(Object.values(STAGES).flatMap((ways) => Object.keys(ways)))] as StageEvent[];
const ALL = (Object.keys(STAGES) as VisitStage[]).flatMap((stage) => EVENTS.map((event) => [stage, event] as const));

test.each(ALL.filter(([stage, event]) => STAGES[stage][event] !== undefined))(
  'from %s, %s leads where the table says, and nothing is put off there',
  (stage, event) => {
    const visit = visitIn(stage);
    move(visit, event);
    expect([visit.stage, visit.notBefore]).toEqual([STAGES[stage][event], null]);
  },
);

test('what is not in the table cannot happen', () => {
  for (const [stage, event] of ALL) {
    if (STAGES[stage][event] !== undefined) continue;
    const visit = visitIn(stage);
    expect(() => move(visit, event)).toThrow(`visit 1 is in stage ${stage}: it cannot be ${event}`);
    expect(visit.stage).toBe(stage);
  }
});

test('an order leads to publishing only by its link or from its providers, and only one that may exist is looked for', () => {
  const leadingTo = (to: VisitStage): string[] =>
    ALL.filter(([stage, event]) => STAGES[stage][event] === to && stage !== to).map(([stage]) => stage);
  expect(leadingTo('publish')).toEqual(['link', 'open']);
  expect([...new Set(leadingTo('open'))]).toEqual(['link', 'publish', 'ended']);
  expect([...new Set(leadingTo('unsure'))]).toEqual(['plan', 'approval', 'create']);
});

test('docs/architecture.md shows the table as it is; `node scripts/draw-stages.js` redraws it', () => {
  const text = readFileSync(DOCUMENT, 'utf8');
  expect(withStages(text)).toBe(text);
});
