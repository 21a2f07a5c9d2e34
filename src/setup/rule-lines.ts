/** The automation rules as a person enters them: the labels are those of Freshdesk's pages. */
import type { FreshdeskSetup, RuleState } from './freshdesk';
import { RULE_EVENTS } from '../checks/freshdesk-rules';

const OPERATORS: Record<string, string> = {
  ...{ in: 'is one of', contains: 'contains', is_not_empty: 'is not empty' },
  ...{ selected: 'is selected', not_selected: 'is not selected' },
};
const FIELDS: Record<string, string> = {
  status: 'Status',
  tag_names: 'Tag',
  priority: 'Priority',
  ticket_type: 'Type',
};

/** What a person enters, by the labels of Freshdesk's page. `Header` holds the secret. */
export function ruleLines(
  { type, rule, state }: Pick<RuleState, 'type' | 'rule' | 'state'>,
  setup: FreshdeskSetup,
): [string, string][] {
  const [action] = rule.actions;
  return [
    [
      'Where',
      `Admin > Automations > ${type === 1 ? 'Ticket Creation' : 'Ticket Updates'} > ${state === 'missing' ? 'New rule' : 'this rule'}`,
    ],
    ...(type === 1 ? [] : [['Performer', performer(rule, setup)] as [string, string]]),
    ...(type === 1
      ? []
      : [['Events', `any of: ${RULE_EVENTS.map(({ words }) => words).join('; ')}`] as [string, string]]),
    ['Conditions', conditions(rule, setup)],
    ['Action', 'Trigger webhook'],
    ['Request', `POST ${action?.url ?? ''}`],
    [
      'Header',
      Object.entries(action?.custom_headers ?? {})
        .map((pair) => pair.join(': '))
        .join(', '),
    ],
    ['Encoding', 'JSON, content: Advanced'],
    ['Body', JSON.stringify(action?.content ?? {})],
  ];
}

function performer({ performer: who }: RuleState['rule'], { ownAgent }: FreshdeskSetup): string {
  return who?.type === 2
    ? 'Requester'
    : `Agent: choose every agent but ${ownAgent}, whose changes are Deskbridge's own`;
}

const conditions = ({ conditions: sets }: RuleState['rule'], { when }: FreshdeskSetup): string =>
  `any of: ${sets
    .flatMap(({ properties }) => properties)
    .map(({ field_name: name, operator, value }) => {
      // By the labels that the page shows.
      const values = name === 'status' ? when.statuses : name === 'priority' ? when.priorities : value;
      return [FIELDS[name] ?? name, OPERATORS[operator] ?? operator, values?.join(', ')].filter(Boolean).join(' ');
    })
    .join('; ')}`;
