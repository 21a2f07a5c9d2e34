/** What a person is asked to mend when a ticket cannot be mapped: every field, its value and the remedy at once. */
import type { Attention } from '../contract/dispatch';
import type { MappingProblem } from './mapping';

export function mappingAttention(problems: readonly MappingProblem[]): Attention {
  const detail = problems
    .map((p) => `${p.target}: ${p.message}${p.value === null ? '' : ` (value: ${p.value})`}`)
    .join('; ');
  const remedies = [...new Set(problems.map((p) => p.remedy))].join('; ');
  return {
    reason: 'mapping',
    detail,
    remedy: `${remedies}. A change of the ticket is noticed by itself; after a change of the config, retry.`,
  };
}
