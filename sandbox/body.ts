import type { IncomingMessage } from 'node:http';

/** A file of a multipart request. */
export interface Upload {
  field: string;
  name: string;
  type: string;
  content: Buffer;
}

/** A request's body, read and parsed as its type says. `unreadable` is broken JSON, `other` a type nobody takes. */
export interface RequestBody {
  kind: 'none' | 'json' | 'form' | 'multipart' | 'unreadable' | 'other';
  /** JSON value, or for forms an object of texts and, for names ending in `[]`, lists of texts. */
  value: unknown;
  files: Upload[];
}

/** Larger than any limit of the upstreams (20 MB of attachments a ticket), so that they can refuse by their own rule. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Thrown when a body is larger than the fake takes at all. */
export class BodyTooLarge extends Error {}

/** Reads a body to its end. */
export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  const raw = Buffer.concat(chunks);
  if (raw.length === 0) return { kind: 'none', value: undefined, files: [] };
  const type = request.headers['content-type'] ?? '';
  if (/^application\/(\S+\+)?json/i.test(type)) return parseJson(raw);
  if (/^application\/x-www-form-urlencoded/i.test(type)) {
    return { kind: 'form', value: fields(new URLSearchParams(raw.toString('utf8'))), files: [] };
  }
  if (/^multipart\/form-data/i.test(type)) return parseMultipart(raw, type);
  return { kind: 'other', value: undefined, files: [] };
}

function parseJson(raw: Buffer): RequestBody {
  try {
    return { kind: 'json', value: JSON.parse(raw.toString('utf8')) as unknown, files: [] };
  } catch {
    return { kind: 'unreadable', value: undefined, files: [] };
  }
}

async function parseMultipart(raw: Buffer, type: string): Promise<RequestBody> {
  try {
    const form = await new Response(raw, { headers: { 'content-type': type } }).formData();
    const texts: [string, string][] = [];
    const files: Upload[] = [];
    for (const [field, value] of form) {
      if (typeof value === 'string') texts.push([field, value]);
      else files.push({ field, name: value.name, type: value.type, content: Buffer.from(await value.arrayBuffer()) });
    }
    return { kind: 'multipart', value: fields(texts), files };
  } catch {
    return { kind: 'unreadable', value: undefined, files: [] };
  }
}

function fields(entries: Iterable<[string, string]>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    if (!name.endsWith('[]')) {
      result[name] = value;
      continue;
    }
    const list = result[name];
    if (Array.isArray(list)) list.push(value);
    else result[name] = [value];
  }
  return result;
}
