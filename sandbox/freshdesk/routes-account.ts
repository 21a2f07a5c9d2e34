import { asArray, asObject, asText } from '../json';
import type { JsonObject } from '../json';
import type { Answer, Call, Route } from '../pipeline';
import {
  AGENTS,
  BOT,
  CONTACT_FIELDS,
  GROUP_ID,
  PRIORITIES,
  SOURCES,
  STATUSES,
  TICKET_FIELDS,
  TICKET_TYPES,
} from './account';
import { flatAnswer, FreshdeskRefusal, invalid, notFound, refuseIfAny } from './errors';
import { presentCompany } from './present';
import { pageAnswer } from './query';
import { presentRule, ruleFromApi } from './rule-api';
import type { Agent } from './types';
import { missing } from './validation';
import type { FreshdeskWorld } from './world';

const BORN = '2026-01-01T00:00:00Z';

/** Companies, agents, account, field definitions and automation rules (Freshdesk contract, sections 6.6, 9.5, 10 to 12). */
export function accountRoutes(world: FreshdeskWorld): Route[] {
  const get = (name: string, path: string, handle: (call: Call) => Answer): Route => ({
    name,
    method: 'get',
    path: `/api/v2${path}`,
    handle,
  });
  return [
    get('listCompanies', '/companies', (call) => pageAnswer(call, world.companies.all(), presentCompany)),
    get('viewCompany', '/companies/:id', (call) => {
      const company = world.companies.get(call.params['id'] ?? '');
      if (company === undefined) throw notFound();
      return { status: 200, body: presentCompany(company) };
    }),
    get('viewOwnAgent', '/agents/me', () => ({ status: 200, body: presentAgent(world, BOT) })),
    get('listAgents', '/agents', (call) => {
      administratorsOnly(world);
      return pageAnswer(call, [...AGENTS], (agent) => presentAgent(world, agent), { link: world.knobs.linkHeader });
    }),
    get('viewAccount', '/account', () => ({
      status: 200,
      body: {
        account_id: 1158017,
        account_name: world.parts.account,
        account_domain: `${world.parts.account}.freshdesk.com`,
        tier_type: 'Pro',
        data_center: 'US',
        timezone: 'UTC',
      },
    })),
    get('listTicketFields', '/ticket_fields', (call) => {
      const type = call.query.get('type');
      return { status: 200, body: ticketFields(world).filter((field) => type === null || field['type'] === type) };
    }),
    get('listContactFields', '/contact_fields', () => ({ status: 200, body: contactFields(world) })),
    {
      name: 'createTicketField',
      method: 'post',
      path: '/api/v2/admin/ticket_fields',
      handle: (call) => createField(world, call, 'cf_', () => ticketFields(world)),
    },
    {
      name: 'createContactField',
      method: 'post',
      path: '/api/v2/contact_fields',
      handle: (call) => createField(world, call, '', () => contactFields(world)),
    },
    get('listRules', '/automations/:type/rules', (call) => {
      administratorsOnly(world);
      return listRules(world, call);
    }),
    {
      name: 'createRule',
      method: 'post',
      path: '/api/v2/automations/:type/rules',
      handle: (call) => createRule(world, call),
    },
  ];
}

function administratorsOnly({ knobs }: FreshdeskWorld): void {
  if (knobs.administrator) return;
  throw new FreshdeskRefusal(flatAnswer(403, 'You are not authorized to perform this action.', 'access_denied'));
}

/** Documented is `{ rules, meta }`; whether more pages are told by `Link` or by the count alone is not (12.1). */
function listRules(world: FreshdeskWorld, call: Call): Answer {
  const { ruleList, rulesPerPage, ruleListLink } = world.knobs;
  const all = world.rules.all().filter((rule) => String(rule.type) === call.params['type']);
  const query = new URLSearchParams(call.query);
  if (rulesPerPage !== null) query.set('per_page', String(rulesPerPage));
  const { headers, body } = pageAnswer(
    { ...call, query },
    all,
    (rule) => presentRule(rule, (target) => world.deliveries.resolve(target)),
    { link: world.knobs.linkHeader },
  );
  const meta = { count: all.length, cascading_rules: true };
  return {
    status: 200,
    ...(ruleListLink && headers !== undefined ? { headers } : {}),
    body: ruleList === 'array' ? body : ruleList === 'results' ? { results: body } : { rules: body, meta },
  };
}

/** Of the fields that the sandbox knows, those that the account lacks: the name comes from the label. */
function createField(world: FreshdeskWorld, call: Call, prefix: string, list: () => JsonObject[]): Answer {
  administratorsOnly(world);
  const body = asObject(call.body.value);
  const known = ['label', 'label_for_customers', 'type', 'displayed_to_customers', 'customers_can_edit'];
  const strange = Object.keys(body).filter((key) => !known.includes(key));
  refuseIfAny([
    ...known.slice(0, 3).flatMap((key) => (asText(body[key]) === '' ? [missing(key)] : [])),
    ...strange.map((field) => ({ field, message: 'Unexpected/invalid field in request', code: 'invalid_field' })),
  ]);
  const name = `${prefix}${asText(body['label'])
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')}`;
  const { missingFields } = world.knobs;
  const isKnown = [...TICKET_FIELDS, ...CONTACT_FIELDS].some(
    (field) => field.name === name && field.type === body['type'],
  );
  if (!isKnown || !missingFields.includes(name))
    throw invalid([{ field: 'label', message: 'It has already been taken', code: 'duplicate_value' }]);
  world.knobs.missingFields = missingFields.filter((one) => one !== name);
  return { status: 201, body: list().find((field) => field['name'] === name) ?? {} };
}

function createRule(world: FreshdeskWorld, call: Call): Answer {
  administratorsOnly(world);
  const type = call.params['type'] === '1' ? 1 : call.params['type'] === '4' ? 4 : null;
  if (type === null) throw notFound();
  const body = asObject(call.body.value);
  const webhook = asArray(body['actions'])
    .map(asObject)
    .find((action) => action['field_name'] === 'trigger_webhook');
  if (asText(body['name']) === '') throw invalid([missing('name')]);
  if (webhook === undefined) throw invalid([missing('actions')]);
  // Every documented sample of an update rule has both.
  const lacking = type === 1 ? [] : ['performer', 'events'].filter((key) => body[key] === undefined);
  refuseIfAny(lacking.map(missing));
  const made = ruleFromApi(world.parts.store.nextId('rules', 101), type, body, webhook);
  const rule = world.rules.save(world.knobs.ruleEvents === 'kept' ? made : { ...made, events: [] });
  return { status: 201, body: presentRule(rule, (target) => world.deliveries.resolve(target)) };
}

function presentAgent(world: FreshdeskWorld, agent: Agent): JsonObject {
  return {
    id: agent.id,
    available: true,
    available_since: null,
    occasional: false,
    signature: null,
    ticket_scope: world.knobs.ticketScope,
    type: world.knobs.agentType,
    group_ids: [GROUP_ID],
    role_ids: [158000000012],
    skill_ids: [],
    focus_mode: true,
    contact: {
      active: true,
      email: agent.email,
      name: agent.name,
      job_title: null,
      language: 'en',
      last_login_at: world.now(),
      mobile: null,
      phone: null,
      time_zone: 'UTC',
      created_at: BORN,
      updated_at: BORN,
    },
    created_at: BORN,
    updated_at: BORN,
  };
}

function ticketFields(world: FreshdeskWorld): JsonObject[] {
  const standard: [string, string, string, unknown?][] = [
    ['requester', 'Requester', 'default_requester'],
    ['subject', 'Subject', 'default_subject'],
    ['ticket_type', 'Type', 'default_ticket_type', TICKET_TYPES],
    ['source', 'Source', 'default_source', Object.fromEntries([...SOURCES].map(([id, label]) => [label, id]))],
    [
      'status',
      'Status',
      'default_status',
      Object.fromEntries([...STATUSES].map(([id, labels]) => [String(id), labels])),
    ],
    ['priority', 'Priority', 'default_priority', Object.fromEntries([...PRIORITIES].map(([id, label]) => [label, id]))],
    ['group', 'Group', 'default_group', { 'Field Service': GROUP_ID }],
    ['agent', 'Agent', 'default_agent', { [BOT.name]: BOT.id }],
    ['description', 'Description', 'default_description'],
    ['company', 'Company', 'default_company'],
  ];
  const there = TICKET_FIELDS.filter(({ name }) => !world.knobs.missingFields.includes(name));
  const custom = there.map(({ name, label, type, choices }): [string, string, string, unknown?] => [
    name,
    label,
    type,
    choices,
  ]);
  return [...standard, ...custom].map(([name, label, type, choices], index) => ({
    id: 158000100000 + index,
    name,
    label,
    description: null,
    position: index + 1,
    type,
    default: type.startsWith('default_'),
    required_for_closure: world.knobs.requiredForClosure.includes(name),
    required_for_agents: ['requester', 'subject', 'status', 'priority', 'description'].includes(name),
    required_for_customers: false,
    customers_can_edit: false,
    displayed_to_customers: true,
    label_for_customers: label,
    created_at: BORN,
    updated_at: BORN,
    ...(choices === undefined ? {} : { choices }),
  }));
}

function contactFields(world: FreshdeskWorld): JsonObject[] {
  const standard = [
    'name',
    'job_title',
    'email',
    'phone',
    'mobile',
    'twitter_id',
    'company_name',
    'address',
    'tag_names',
    'description',
  ];
  const unique = new Set(['email', 'twitter_id']);
  if (world.knobs.uniqueMobile) unique.add('mobile');
  if (world.knobs.uniquePhone) unique.add('phone');
  const all = [
    ...standard.map((name) => ({ name, label: name.replace(/_/g, ' '), type: `default_${name}` })),
    ...CONTACT_FIELDS.filter(({ name }) => !world.knobs.missingFields.includes(name)),
  ];
  return all.map(({ name, label, type }, index) => ({
    id: 158000200000 + index,
    name,
    label,
    type,
    default: type.startsWith('default_'),
    position: index + 1,
    required_for_agents: name === 'name',
    unique: unique.has(name),
    created_at: BORN,
    updated_at: BORN,
  }));
}
