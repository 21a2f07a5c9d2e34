import type { Upload } from '../body';
import type { Answer, Call, Route } from '../pipeline';
import { invalid, notFound } from './errors';
import { fileLinkHolds } from './present';
import type { StoredFile } from './types';
import type { FreshdeskWorld } from './world';

const MAX_BYTES = 20 * 1024 * 1024;

/** Keeps the files of a multipart request; at most 20 MB (Freshdesk contract, section 8). */
export function storeFiles(world: FreshdeskWorld, uploads: Upload[]): StoredFile[] {
  const files = uploads.filter((upload) => upload.field === 'attachments[]' || upload.field === 'attachments');
  if (files.reduce((sum, file) => sum + file.content.length, 0) > MAX_BYTES) {
    throw invalid([
      { field: 'attachments', message: 'Total size of attachments exceeds 20 MB', code: 'invalid_value' },
    ]);
  }
  return files.map((file) => storeFile(world, file.name, file.type, file.content));
}

export function storeFile(world: FreshdeskWorld, name: string, type: string, content: Buffer): StoredFile {
  return world.files.save({
    id: world.nextId(),
    name,
    content_type: type === '' ? 'application/octet-stream' : type,
    size: content.length,
    content: content.toString('base64'),
    created_at: world.now(),
  });
}

/** The signed download, which is no part of the API: own host in reality, no credentials, 300 s. */
export function attachmentRoutes(world: FreshdeskWorld): Route[] {
  return [
    {
      name: 'downloadAttachment',
      method: 'get',
      path: '/attachments/:id/:name',
      open: true,
      handle: (call) => download(world, call),
    },
    {
      name: 'deleteAttachment',
      method: 'delete',
      path: '/api/v2/attachments/:id',
      handle: (call) => {
        if (world.files.get(call.params['id'] ?? '') === undefined) throw notFound();
        world.files.remove(call.params['id'] ?? '');
        return { status: 204 };
      },
    },
  ];
}

function download(world: FreshdeskWorld, call: Call): Answer {
  const id = Number(call.params['id']);
  // S3 refuses a request that is signed twice: by the link and by a header.
  if (call.headers.authorization !== undefined) return storageRefusal(400, 'InvalidArgument');
  if (!fileLinkHolds(world, id, call.query)) return storageRefusal(403, 'AccessDenied');
  const file = world.files.get(id);
  if (file === undefined) return storageRefusal(404, 'NoSuchKey');
  return {
    status: 200,
    // Never shown in place: the content is whatever somebody has uploaded.
    headers: { 'Content-Disposition': 'attachment', 'X-Content-Type-Options': 'nosniff' },
    raw: { type: file.content_type, content: Buffer.from(file.content, 'base64') },
  };
}

const storageRefusal = (status: number, code: string): Answer => ({
  status,
  raw: {
    type: 'application/xml',
    content: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`,
  },
});
