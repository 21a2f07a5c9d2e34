import { z } from 'zod';
import { isSuccess, parseAnswer } from '../answer';
import { readBaseUrl } from '../base-url';
import { createFileFetcher } from '../fetch-file';
import { createTransport, toldQuota } from '../http';
import type { HttpAnswer, HttpRequest } from '../http-types';
import { allItems } from '../lenient';
import type { FormPart } from '../multipart';
import { createRedactor } from '../redact';
import { automationRuleSchema, automationRulesSchema } from './automations';
import { freshdeskError } from './errors';
import { contactFieldSchema, ticketFieldSchema } from './fields';
import { contactBody, contactFieldBody, ticketBody, ticketFieldBody } from './inputs';
import type { NoteInput, Page } from './inputs';
import {
  agentSchema,
  companySchema,
  contactSchema,
  conversationSchema,
  foundTicketsSchema,
  ticketSchema,
} from './schemas';
import type { FreshdeskClient, FreshdeskClientOptions, Quota } from './types';

/**
 * Where attachments lie (contract 8): buckets of Freshdesk, one a region, on hosts that it shares with the whole world. An
 * address that is signed the newer way writes the region after a dot.
 */
const FILE_HOSTS: Record<string, string[]> = {
  // Of old samples.
  'cdn.freshdesk.com': [],
  's3.amazonaws.com': ['/cdn.freshdesk.com/'],
  's3.us-east-1.amazonaws.com': ['/cdn.freshdesk.com/'],
  ...inRegion('eu-central-1', '/euc-cdn.freshdesk.com/'),
  ...inRegion('ap-south-1', '/ind-cdn.freshdesk.com/'),
  ...inRegion('ap-southeast-2', '/aus-cdn.freshdesk.com/'),
};

function inRegion(region: string, bucket: string): Record<string, string[]> {
  return { [`s3-${region}.amazonaws.com`]: [bucket], [`s3.${region}.amazonaws.com`]: [bucket] };
}

/** Throws at once when the base URL is no address; opens no connection before the first call. */
export function createFreshdeskClient(options: FreshdeskClientOptions): FreshdeskClient {
  const { apiKey, onQuota } = options;
  const transport = createTransport({ system: 'freshdesk', ...options });
  const files = createFileFetcher({ ownOrigin: readBaseUrl('freshdesk', options.baseUrl).origin, hosts: FILE_HOSTS });
  const basic = Buffer.from(`${apiKey}:X`).toString('base64');
  const redactor = createRedactor([apiKey, basic]);

  const call = async (request: HttpRequest): Promise<HttpAnswer> => {
    const headers = { authorization: `Basic ${basic}` };
    const answer = await transport.request({ ...request, prefix: '/api/v2', headers });
    reportQuota(onQuota, answer);
    if (!isSuccess(answer)) throw freshdeskError(answer, redactor);
    return answer;
  };
  const fetch = async <T extends z.ZodType>(request: HttpRequest, schema: T): Promise<z.output<T>> =>
    parseAnswer('freshdesk', await call(request), schema, redactor);
  const fetchPage = async <T extends z.ZodType>(request: HttpRequest, schema: T): Promise<Page<z.output<T>>> => {
    const answer = await call(request);
    return { items: parseAnswer('freshdesk', answer, allItems(schema), redactor), hasMore: hasNextPage(answer) };
  };

  return {
    viewTicket: (id, { include } = {}, signal) =>
      fetch(
        { method: 'GET', path: '/tickets/{id}', params: { id }, query: { include: list(include) }, signal },
        ticketSchema,
      ),
    updateTicket: (id, patch, signal) =>
      fetch({ method: 'PUT', path: '/tickets/{id}', params: { id }, json: ticketBody(patch), signal }, ticketSchema),
    addNote: (id, note, signal) =>
      fetch(
        { method: 'POST', path: '/tickets/{id}/notes', params: { id }, ...noteBody(note), signal },
        conversationSchema,
      ),
    listConversations: (id, { page, perPage }, signal) =>
      fetchPage(
        {
          method: 'GET',
          path: '/tickets/{id}/conversations',
          params: { id },
          query: { page, per_page: perPage },
          signal,
        },
        conversationSchema,
      ),
    listTickets: ({ filter, updatedSince, orderBy, orderType, page, perPage, include }, signal) => {
      const query = {
        filter,
        // The documented form has no fraction of a second.
        updated_since: updatedSince?.replace(/\.\d+/, ''),
        order_by: orderBy,
        order_type: orderType,
        page,
        per_page: perPage,
        include: list(include),
      };
      return fetchPage({ method: 'GET', path: '/tickets', query, signal }, ticketSchema);
    },
    async searchTickets(query, page, signal) {
      const request = { method: 'GET', path: '/search/tickets', query: { query: `"${query}"`, page }, signal } as const;
      const { results, total } = await fetch(request, foundTicketsSchema);
      return { items: results, total };
    },
    ticketFields: (signal) => fetch({ method: 'GET', path: '/ticket_fields', signal }, allItems(ticketFieldSchema)),
    contactFields: (signal) => fetch({ method: 'GET', path: '/contact_fields', signal }, allItems(contactFieldSchema)),
    me: (signal) => fetch({ method: 'GET', path: '/agents/me', signal }, agentSchema),
    listAgents: (page, signal) =>
      fetchPage({ method: 'GET', path: '/agents', query: { page, per_page: 100 }, signal }, agentSchema),
    async automationRules(type, page, signal) {
      // What a first page is asked with is not documented: nothing.
      const query = { page: page === 1 ? undefined : page };
      const path = '/automations/{type}/rules';
      const answer = await call({ method: 'GET', path, params: { type }, query, signal });
      const { rules, count } = parseAnswer('freshdesk', answer, automationRulesSchema, redactor);
      return { items: rules, hasMore: hasNextPage(answer), count };
    },
    createAutomationRule: (type, rule, signal) =>
      fetch(
        { method: 'POST', path: '/automations/{type}/rules', params: { type }, json: rule, signal },
        automationRuleSchema,
      ),
    createTicketField: (field, signal) =>
      fetch({ method: 'POST', path: '/admin/ticket_fields', json: ticketFieldBody(field), signal }, ticketFieldSchema),
    createContactField: (field, signal) =>
      fetch({ method: 'POST', path: '/contact_fields', json: contactFieldBody(field), signal }, contactFieldSchema),
    createContact: (attributes, signal) =>
      fetch({ method: 'POST', path: '/contacts', json: contactBody(attributes), signal }, contactSchema),
    updateContact: (id, attributes, signal) =>
      fetch(
        { method: 'PUT', path: '/contacts/{id}', params: { id }, json: contactBody(attributes), signal },
        contactSchema,
      ),
    viewContact: (id, signal) =>
      fetch({ method: 'GET', path: '/contacts/{id}', params: { id }, signal }, contactSchema),
    findContactsByEmail: (email, signal) =>
      fetch({ method: 'GET', path: '/contacts', query: { email }, signal }, allItems(contactSchema)),
    findContactsBy: (field, value, signal) =>
      fetch({ method: 'GET', path: '/contacts', query: { [field]: value }, signal }, allItems(contactSchema)),
    readAsIs: async (path, query, signal) => {
      const answer = await call({ method: 'GET', path, query: { ...query }, signal });
      return { body: parseAnswer('freshdesk', answer, z.unknown(), redactor), headers: answer.headers };
    },
    viewCompany: (id, signal) =>
      fetch({ method: 'GET', path: '/companies/{id}', params: { id }, signal }, companySchema),
    openFile: (address, limits) => files.open(address, limits),
    close: async () => void (await Promise.all([transport.close(), files.close()])),
  };
}

function list(values: readonly string[] | undefined): string | undefined {
  return values && values.length > 0 ? values.join(',') : undefined;
}

function noteBody({ body, private: isPrivate, attachments = [] }: NoteInput): Pick<HttpRequest, 'json' | 'multipart'> {
  if (attachments.length === 0) return { json: { body, private: isPrivate } };
  const files = attachments.map((file): FormPart => ({ name: 'attachments[]', file }));
  return { multipart: [{ name: 'body', value: body }, { name: 'private', value: String(isPrivate) }, ...files] };
}

/** The documented header has blanks in odd places (contract 5). */
function hasNextPage({ headers }: HttpAnswer): boolean {
  return /<[^>]*>\s*;\s*rel\s*=\s*"?next\b/i.test(headers.link ?? '');
}

/** A hook that fails must not make a finished call look failed. */
function reportQuota(onQuota: ((quota: Quota) => void) | undefined, { headers }: HttpAnswer): void {
  const quota = toldQuota(headers);
  if (Object.values(quota).every((value) => value === null)) return;
  try {
    onQuota?.(quota);
  } catch {
    // Metrics have their own alarms.
  }
}
