/** The automation rules, their state, and what is left to a person. */
import { plain } from '../output';
import type { FreshdeskSetup, RuleState } from '../../setup/freshdesk';
import { ruleLines } from '../../setup/rule-lines';

export function printRules(setup: FreshdeskSetup): void {
  const { rules, missing, rulesSeen } = setup;
  if (missing.length > 0) {
    console.log('The account still needs:');
    for (const { what, detail, remedy } of missing) {
      console.log(`  ${plain(what)}: ${plain(detail)}`);
      if (remedy !== null) console.log(`    → ${plain(remedy)}`);
    }
    console.log('');
  }
  if (!rulesSeen) console.log('This key may not see rules (only an administrator may): compare them by hand.\n');
  rules.forEach((rule, index) => printRule(rule, index, setup));
  if (rules.every(({ state }) => state === 'already there' || state === 'made')) console.log('Nothing is left to do.');
}

function printRule(
  { type, rule, state, id, problems, firesOnOwnChanges }: RuleState,
  index: number,
  setup: FreshdeskSetup,
): void {
  const known = id === null ? '' : ` (rule ${id})`;
  console.log(
    `Rule ${index + 1} of ${setup.rules.length}, "${rule.name}": ${setup.rulesSeen ? state : 'to be compared'}${known}`,
  );
  for (const problem of problems) console.log(`  To correct  ${plain(problem)}`);
  if (firesOnOwnChanges) {
    console.log(
      `  Better      name the agents in its performer, without ${setup.ownAgent}: its own changes cost a call each`,
    );
  }
  if (state === 'already there' || state === 'made') return;
  for (const [name, text] of ruleLines({ type, rule, state }, setup))
    console.log(`  ${name.padEnd(11)} ${plain(text)}`);
  console.log('');
}
