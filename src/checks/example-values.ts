/** Values of the shipped mapping that spend money, as long as nobody has put their own in their place. */
import { isDeepStrictEqual } from 'node:util';
import { parseConfig } from '../config/load';
import type { Config } from '../config/schema';
import { warning, type Finding } from './finding';

/** Target of the mapping, and what the shipped line does. */
const EXAMPLES: Record<string, string> = {
  types_of_work: 'every work order has type of work 62',
  'pay.base.amount': 'a ticket without a pay amount is published at 150 USD',
};

export function checkExampleValues({ workOrder, dispatch }: Config): Finding[] {
  if (dispatch.afterCreate === 'draft') return [];
  const shipped = parseConfig('', 'shipped').workOrder;
  const kept = Object.keys(EXAMPLES).filter((target) => isDeepStrictEqual(workOrder[target], shipped[target]));
  if (kept.length === 0) return [];
  const detail = `are still in use: ${kept.map((target) => EXAMPLES[target]).join('; ')}`;
  const keys = kept.map((target) => `workOrder.${target}`).join(' and ');
  return [warning('Config', 'values of the example', detail, `Set ${keys} in the config file.`)];
}
