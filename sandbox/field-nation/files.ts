import type { Upload } from '../body';
import { invalid, notFound } from './errors';
import { emit } from './events';
import type { OrderFile, Origin, WorkOrder } from './types';
import type { FieldNationWorld } from './world';

const EXTENSIONS = new Set(['jpg', 'jpeg', 'png', 'gif', 'pdf', 'doc', 'docx', 'xls', 'xlsx', 'csv', 'txt']);
const MAX_BYTES = 10 * 1024 * 1024;

/** Puts a file into a folder (Field Nation contract, section 11). A provider's upload is told by an event. */
export function storeUpload(
  world: FieldNationWorld,
  order: WorkOrder,
  folderId: number,
  upload: Pick<Upload, 'name' | 'type' | 'content'>,
  options: { notes: string; force: boolean },
  origin: Origin,
): OrderFile {
  const folder = order.folders.find(({ id }) => id === folderId);
  if (folder === undefined) throw notFound('The folder');
  const extension = upload.name.split('.').pop()?.toLowerCase() ?? '';
  if (!options.force && (upload.content.length > MAX_BYTES || !EXTENSIONS.has(extension))) {
    throw invalid('The file is too large or of a type that is not allowed.', [
      { detail: 'The file is refused.', pointer: '/file' },
    ]);
  }
  const contentId = world.nextId('contents', 1);
  world.contents.save({ id: contentId, base64: upload.content.toString('base64') });
  const file: OrderFile = {
    id: world.nextId('order-files', 330001),
    authorId: origin.userId,
    contentId,
    name: upload.name,
    mime: upload.type === '' ? 'application/octet-stream' : upload.type,
    size: upload.content.length,
    notes: options.notes,
    status: 'pending',
    created: world.now(),
  };
  folder.files.push(file);
  world.saveOrder(order);
  if (origin.userId === order.assigneeId) {
    emit(world, order, 'workorder.provider_upload', origin, {
      attachment: { id: file.id, folder_id: folderId, name: file.name },
    });
  }
  return file;
}
