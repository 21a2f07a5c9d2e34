import { z } from 'zod';
import { parseAnswer } from '../answer';
import { readBaseUrl } from '../base-url';
import { createFileFetcher } from '../fetch-file';
import { createTransport } from '../http';
import type { HttpAnswer, HttpRequest } from '../http-types';
import { allItems } from '../lenient';
import type { FormPart } from '../multipart';
import { createRedactor } from '../redact';
import { customFieldDefinitionSchema } from './custom-fields';
import { workOrderBody } from './inputs';
import type { UploadInput } from './inputs';
import {
  attachmentFolderSchema,
  messagePageSchema,
  personSchema,
  routingSchema,
  typeOfWorkSchema,
  workOrderSchema,
} from './schemas';
import { createSession } from './session';
import { createTokenSource } from './token';
import type { FieldNationClient, FieldNationClientOptions } from './types';
import { webhookMethods } from './webhooks';
import { listQuery, workOrderPageSchema } from './work-order-page';

/** Hosts that Field Nation names as its own (contract 1), and the one of its guide's file links (contract 11). */
export const FILE_HOSTS = [
  ...['api.fieldnation.com', 'app.fieldnation.com', 'cdn.fieldnation.com'],
  ...['api-sandbox.fndev.net', 'app-sandbox.fndev.net', 'ui-sandbox.fndev.net'],
];

/** Throws at once when the base URL is no address; asks for a token with the first call. */
export function createFieldNationClient(options: FieldNationClientOptions): FieldNationClient {
  const { credentials, now = Date.now } = options;
  const transport = createTransport({ system: 'field-nation', ...options });
  const files = createFileFetcher({
    ownOrigin: readBaseUrl('field-nation', options.baseUrl).origin,
    hosts: Object.fromEntries([...FILE_HOSTS, ...(options.fileHosts ?? [])].map((host) => [host, []])),
  });
  const redactor = createRedactor(
    credentials ? [credentials.clientSecret, credentials.password, credentials.username] : [],
  );
  const session = createSession(transport, createTokenSource(transport, credentials, redactor, now), redactor);

  const parse = <T extends z.ZodType>(answer: HttpAnswer, schema: T): z.output<T> =>
    parseAnswer('field-nation', answer, schema, redactor);
  const fetch = async <T extends z.ZodType>(request: HttpRequest, schema: T): Promise<z.output<T>> =>
    parse(await session.rest(request), schema);
  /** For calls whose effect counts, not their answer: null when that is empty or JSON of another shape. */
  const act = async <T extends z.ZodType>(request: HttpRequest, schema: T): Promise<z.output<T> | null> => {
    const answer = await session.rest(request);
    if (answer.body.trim() === '') return null;
    // A page of HTML comes from something in between, so that nothing is known to be done.
    return schema.safeParse(parse(answer, z.unknown())).data ?? null;
  };

  return {
    createWorkOrder: (payload, signal) =>
      fetch({ method: 'POST', path: '/workorders', json: workOrderBody(payload), signal }, workOrderSchema),
    viewWorkOrder: (id, signal) =>
      fetch({ method: 'GET', path: '/workorders/{id}', params: { id }, signal }, workOrderSchema),
    viewUser: (id, signal) => fetch({ method: 'GET', path: '/users/{id}', params: { id }, signal }, personSchema),
    updateWorkOrder: (id, patch, signal) =>
      act(
        { method: 'PUT', path: '/workorders/{id}', params: { id }, json: workOrderBody(patch), signal },
        workOrderSchema,
      ),
    publishWorkOrder: (id, signal) =>
      act({ method: 'POST', path: '/workorders/{id}/publish', params: { id }, signal }, workOrderSchema),
    revertWorkOrder: (id, signal) =>
      act({ method: 'DELETE', path: '/workorders/{id}/draft', params: { id }, signal }, workOrderSchema),
    routeWorkOrder: (id, providerId, signal) => {
      const json = { technician: { id: providerId } };
      return act({ method: 'POST', path: '/workorders/{id}/route', params: { id }, json, signal }, routingSchema);
    },
    massRouteWorkOrder: (id, providerIds, signal) => {
      const json = { ids: [...providerIds] };
      return act({ method: 'POST', path: '/workorders/{id}/mass-route', params: { id }, json, signal }, z.unknown());
    },
    deleteWorkOrder: (id, reason, signal) => {
      const query = { cancel_reason: reason };
      return act({ method: 'DELETE', path: '/workorders/{id}', params: { id }, query, signal }, workOrderSchema);
    },
    async listWorkOrders(input, signal) {
      const query = listQuery(input, now());
      const page = await fetch({ method: 'GET', path: '/workorders', query, signal }, workOrderPageSchema);
      const { results } = page;
      // Without counts a full page means: there may be more.
      const pages = page.pages ?? input.page + (results.length >= input.perPage ? 1 : 0);
      return { total: page.total ?? results.length, pages, results };
    },
    messages: (id, page = 1, signal) => {
      // The first page is asked for plainly: that messages have pages is not documented.
      const query = page > 1 ? { page } : {};
      return fetch(
        { method: 'GET', path: '/workorders/{id}/messages', params: { id }, query, signal },
        messagePageSchema,
      );
    },
    postMessage: (id, { message, type, to }, signal) => {
      const json = { message, type, to: to && { id: to.id } };
      return fetch(
        { method: 'POST', path: '/workorders/{id}/messages', params: { id }, json, signal },
        messagePageSchema,
      );
    },
    attachments: (id, signal) => {
      const path = '/workorders/{id}/attachments';
      return fetch({ method: 'GET', path, params: { id }, signal }, allItems(attachmentFolderSchema));
    },
    uploadAttachment: (id, input, signal) => {
      const path = '/workorders/{id}/attachments/{folderId}';
      const params = { id, folderId: input.folderId };
      return act({ method: 'POST', path, params, multipart: uploadParts(input), signal }, workOrderSchema);
    },
    customFieldDefinitions: (signal) =>
      fetch({ method: 'GET', path: '/custom-fields', signal }, allItems(customFieldDefinitionSchema)),
    typesOfWork: (signal) => fetch({ method: 'GET', path: '/types-of-work', signal }, allItems(typeOfWorkSchema)),
    ...webhookMethods(session, redactor),
    openFile: (address, limits) => files.open(address, limits),
    close: async () => void (await Promise.all([transport.close(), files.close()])),
  };
}

function uploadParts({ file, notes, forceUpload }: UploadInput): FormPart[] {
  return [
    ...(notes === undefined ? [] : [{ name: 'notes', value: notes }]),
    ...(forceUpload ? [{ name: 'force_upload', value: 'true' }] : []),
    { name: 'file', file },
  ];
}
