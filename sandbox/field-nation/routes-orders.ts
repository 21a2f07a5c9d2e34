import { asNumber, asObject, asText, at } from '../json';
import type { JsonObject } from '../json';
import type { Answer, Call, Route, Verb } from '../pipeline';
import { API_USER, CUSTOM_FIELDS, TAGS } from './catalog';
import { invalid, notFound } from './errors';
import { emit } from './events';
import { storeUpload } from './files';
import { postMessage } from './messages';
import { changeOrder, createOrder, setCustomField } from './orders';
import {
  collection,
  dress,
  presentCustomFields,
  presentFolders,
  presentMessage,
  presentOrder,
  presentSchedule,
  presentStatus,
} from './present';
import { listCounts, listOrders } from './search';
import type { Origin, WorkOrder } from './types';
import type { FieldNationWorld } from './world';

export const REST = '/api/rest/v2';
/** Changes through the API are those of the user behind the credentials. */
export const API: Origin = { userId: API_USER.id, api: true };

/** The JSON object of a write. */
export function jsonBody(call: Call): JsonObject {
  if (call.body.kind === 'none') return {};
  const { value } = call.body;
  if (call.body.kind !== 'json' || typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('The body must be a JSON object.');
  }
  return asObject(value);
}

/** A 2xx in the status that the knob asks for. */
export const done = (world: FieldNationWorld, call: Call, body: unknown): Answer => ({
  status: call.method === 'POST' ? world.knobs.postStatus : 200,
  body,
});

/** Work orders, their messages, files, fields and tags (Field Nation contract, sections 4 to 6, 9 to 12). */
export function orderRoutes(world: FieldNationWorld): Route[] {
  const route = (name: string, method: Verb, path: string, handle: (call: Call) => Answer): Route => ({
    name,
    method,
    path: `${REST}${path}`,
    handle,
  });
  /** An operation on one order; what it returns is the answer's body. */
  const onOrder = (
    name: string,
    method: Verb,
    path: string,
    handle: (order: WorkOrder, call: Call) => unknown,
  ): Route =>
    route(name, method, `/workorders/:id${path}`, (call) =>
      done(world, call, handle(world.order(call.params['id']), call)),
    );
  const full = (order: WorkOrder): JsonObject => presentOrder(world, order);
  const part = (value: unknown): unknown => dress(world.knobs, value);
  const thread = (order: WorkOrder, page = 1): unknown => {
    const all = world.messagesOf(order.id);
    const first = all.filter(({ parentId }) => parentId === null).reverse();
    const perPage = world.knobs.messagesPerPage ?? Math.max(first.length, 25);
    const shown = first.slice((page - 1) * perPage, page * perPage);
    const { metadata, results } = collection(
      shown.map((message) => presentMessage(order, message, all, world.knobs.replies)),
    );
    const pages = Math.max(1, Math.ceil(first.length / perPage));
    return part({
      metadata: { ...(metadata as JsonObject), total: first.length, page, pages, per_page: perPage },
      results,
    });
  };
  const replace = (key: 'schedule' | 'location' | 'pay') =>
    onOrder(`update${key[0]?.toUpperCase() ?? ''}${key.slice(1)}`, 'put', `/${key}`, (order, call) => {
      changeOrder(world, order, { [key]: jsonBody(call) }, API);
      return part(key === 'schedule' ? presentSchedule(order) : order[key]);
    });
  return [
    route('createWorkOrder', 'post', '/workorders', (call) =>
      done(world, call, full(createOrder(world, jsonBody(call), API))),
    ),
    route('listWorkOrders', 'get', '/workorders', (call) => listOrders(world, call)),
    route('listWorkOrderLists', 'get', '/workorders/lists', () => ({ status: 200, body: listCounts(world) })),
    onOrder('getWorkOrder', 'get', '', full),
    onOrder('updateWorkOrder', 'put', '', (order, call) => full(changeOrder(world, order, jsonBody(call), API))),
    onOrder('getStatus', 'get', '/status', (order) => part(presentStatus(order, world.knobs.statusForm))),
    onOrder('getSchedule', 'get', '/schedule', (order) => part(presentSchedule(order))),
    replace('schedule'),
    replace('location'),
    replace('pay'),
    onOrder('getMilestones', 'get', '/milestones', (order) => full(order)['milestones']),
    onOrder('getTimeLogs', 'get', '/time_logs', (order) => full(order)['time_logs']),
    onOrder('listMessages', 'get', '/messages', (order, call) => thread(order, asNumber(call.query.get('page')) ?? 1)),
    onOrder('postMessage', 'post', '/messages', (order, call) => {
      post(world, order, jsonBody(call), null);
      return thread(order);
    }),
    onOrder('replyMessage', 'post', '/messages/:messageId', (order, call) => {
      post(world, order, jsonBody(call), Number(call.params['messageId']));
      return thread(order);
    }),
    onOrder('listAttachments', 'get', '/attachments', (order) => part(presentFolders(world, order))),
    onOrder('createFolder', 'post', '/attachments', (order, call) => {
      const name = asText(jsonBody(call)['name']);
      if (name === '') throw invalid('name is required.', [{ detail: 'name is required.', pointer: '/name' }]);
      order.folders.push({ id: world.nextId('folders', 2271), name, type: 'slot', files: [] });
      return full(world.saveOrder(order));
    }),
    onOrder('uploadAttachment', 'post', '/attachments/:folderId', (order, call) => {
      upload(world, order, call);
      return full(order);
    }),
    onOrder('deleteAttachment', 'delete', '/attachments/:folderId/:fileId', (order, call) => {
      const folder = order.folders.find(({ id }) => String(id) === call.params['folderId']);
      const file = folder?.files.find(({ id }) => String(id) === call.params['fileId']);
      if (folder === undefined || file === undefined) throw notFound('The attachment');
      folder.files = folder.files.filter((candidate) => candidate !== file);
      return full(world.saveOrder(order));
    }),
    onOrder('listOrderCustomFields', 'get', '/custom_fields', (order) =>
      part(presentCustomFields(order, world.knobs.customFieldForm)),
    ),
    onOrder('getOrderCustomField', 'get', '/custom_fields/:fieldId', (order, call) => {
      const field = CUSTOM_FIELDS.find(({ id }) => String(id) === call.params['fieldId']);
      if (field === undefined) throw notFound('The custom field');
      return part({ id: field.id, name: field.name, type: field.type, value: order.customValues[field.id] ?? '' });
    }),
    onOrder('setOrderCustomField', 'put', '/custom_fields/:fieldId', (order, call) =>
      full(setCustomField(world, order, Number(call.params['fieldId']), jsonBody(call)['value'], API)),
    ),
    onOrder('addTag', 'post', '/tags', (order, call) => {
      const tag = TAGS.find(({ id }) => id === asNumber(jsonBody(call)['id']));
      if (tag === undefined)
        throw invalid('There is no such tag.', [{ detail: 'There is no such tag.', pointer: '/id' }]);
      if (!order.tagIds.includes(tag.id)) order.tagIds.push(tag.id);
      world.saveOrder(order);
      emit(world, order, 'workorder.tag_added', API, { tag });
      return full(order);
    }),
    onOrder('removeTag', 'delete', '/tags/:tagId', (order, call) => {
      order.tagIds = order.tagIds.filter((id) => String(id) !== call.params['tagId']);
      world.saveOrder(order);
      emit(world, order, 'workorder.tag_removed', API, { tag: { id: Number(call.params['tagId']) } });
      return full(order);
    }),
    {
      name: 'downloadFile',
      method: 'get',
      path: '/files/:contentId/:name',
      open: true,
      handle: (call) => {
        const content = world.contents.get(call.params['contentId'] ?? '');
        if (content === undefined) return { status: 404 };
        return {
          status: 200,
          headers: { 'Content-Disposition': 'attachment', 'X-Content-Type-Options': 'nosniff' },
          raw: { type: 'application/octet-stream', content: Buffer.from(content.base64, 'base64') },
        };
      },
    },
  ];
}

function post(world: FieldNationWorld, order: WorkOrder, body: JsonObject, parentId: number | null): void {
  if (typeof body['message'] !== 'string')
    throw invalid('message is required.', [{ detail: 'message is required.', pointer: '/message' }]);
  if (parentId !== null && !world.messagesOf(order.id).some(({ id }) => id === parentId)) throw notFound('The message');
  const type = asText(body['type']) || (parentId === null ? 'STAFF_NOTE' : 'REPLY');
  postMessage(world, order, { text: body['message'], type, parentId, toId: asNumber(at(body, 'to.id')) }, API);
}

function upload(world: FieldNationWorld, order: WorkOrder, call: Call): void {
  const file = call.body.files.find(({ field }) => field === 'file');
  if (file === undefined) throw invalid('file is required.', [{ detail: 'file is required.', pointer: '/file' }]);
  const fields = asObject(call.body.value);
  const force = /^(1|true)$/.test(asText(fields['force_upload']));
  storeUpload(world, order, Number(call.params['folderId']), file, { notes: asText(fields['notes']), force }, API);
}
