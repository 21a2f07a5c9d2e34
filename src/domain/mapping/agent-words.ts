/** Mapping problems in the words of the people who fill in tickets: fields by the label that they see. */
import type { TicketFieldNames } from './labels';
import type { MappingProblem } from './mapped-order';
import { splitPath } from './sources';

/** Fields that every account has. */
const SHIPPED: Record<string, string> = {
  ...{ subject: 'Subject', description: 'Description', due_by: 'Due by', type: 'Type', priority: 'Priority' },
  ...{ status: 'Status', tags: 'Tags', 'company.name': "the company's name", 'requester.name': "the requester's name" },
  'requester.email': "the requester's e-mail",
  'requester.phone': "the requester's phone",
  'requester.mobile': "the requester's mobile phone",
};

/** Fields of the Field Service add-on, which few accounts have. */
const ADD_ON = /^cf_fsm_/;

/** What agents call the field at a path; null for one that their account does not have. */
export function labelOf(path: string, names: TicketFieldNames | undefined): string | null {
  const [root, ...rest] = splitPath(path) ?? [];
  if (root !== 'ticket') return path;
  const [section, key = ''] = rest;
  if (section !== 'custom_fields') return SHIPPED[rest.join('.')] ?? path;
  const label = names?.labels?.get(key);
  if (label !== undefined) return `"${label}"`;
  return ADD_ON.test(key) ? null : path.includes('"') ? `"${key}"` : key;
}

/** The same problem, its field named as agents know it. */
export function inAgentWords(problem: MappingProblem, names: TicketFieldNames | undefined): MappingProblem {
  const paths = problem.source?.split(', ') ?? [];
  const labels = paths.map((path) => labelOf(path, names)).filter((label) => label !== null);
  if (labels.length === 0) return problem;
  const fields = labels.length > 1 ? `${labels.slice(0, -1).join(', ')} or ${labels.at(-1)}` : labels.join('');
  // A value is told with its field; what is missing is told in the remedy.
  const isValue = problem.value !== null && problem.message.startsWith(`"${problem.value}"`);
  const message = isValue ? `${fields}: ${problem.message}` : problem.message;
  return { ...problem, message, remedy: problem.remedy.replaceAll(problem.source ?? '', fields) };
}
