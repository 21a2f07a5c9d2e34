/** Streams `multipart/form-data`, so that a file is never held in memory as a whole. */
import { randomUUID } from 'node:crypto';

/** A file to send. `open` is called once per attempt, so that a repeated call reads it anew. */
export interface FileSource {
  name: string;
  /** MIME type; null is sent as `application/octet-stream`. */
  contentType: string | null;
  /** Bytes, when known for certain: `Content-Length` is sent then, and a source of another length fails the call. */
  size?: number;
  open: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export type FormPart = { name: string; value: string } | { name: string; file: FileSource };

export interface EncodedForm {
  headers: Record<string, string>;
  body: AsyncIterable<Uint8Array>;
  /** Set when a source failed while it was read: the fault is then ours, not the upstream's. */
  failure: { error: unknown } | null;
}

/** Encodes the parts; the sources are opened when the body is read. */
export function encodeForm(parts: readonly FormPart[]): EncodedForm {
  const boundary = `deskbridge-${randomUUID()}`;
  const form: EncodedForm = {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: write(),
    failure: null,
  };
  const length = totalLength(parts, boundary);
  if (length !== null) form.headers['content-length'] = String(length);
  return form;

  async function* write(): AsyncGenerator<Uint8Array> {
    for (const part of parts) {
      yield Buffer.from(head(part, boundary));
      if ('file' in part) yield* read(part.file);
      yield Buffer.from('\r\n');
    }
    yield Buffer.from(end(boundary));
  }

  async function* read(file: FileSource): AsyncGenerator<Uint8Array> {
    try {
      yield* file.open();
    } catch (error) {
      form.failure = { error };
      throw error;
    }
  }
}

function head(part: FormPart, boundary: string): string {
  const start = `--${boundary}\r\nContent-Disposition: form-data; name="${quote(part.name)}"`;
  if (!('file' in part)) return `${start}\r\n\r\n${part.value}`;
  const { name, contentType } = part.file;
  const type =
    contentType !== null && /^[\w.+-]+\/[\w.+-]+$/.test(contentType) ? contentType : 'application/octet-stream';
  return `${start}; filename="${quote(name)}"\r\nContent-Type: ${type}\r\n\r\n`;
}

function end(boundary: string): string {
  return `--${boundary}--\r\n`;
}

/** As browsers do it (HTML standard, multipart encoding): a name cannot break out of its header. */
function quote(name: string): string {
  return name.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
}

function totalLength(parts: readonly FormPart[], boundary: string): number | null {
  let total = Buffer.byteLength(end(boundary));
  for (const part of parts) {
    const size = 'file' in part ? part.file.size : 0;
    if (size === undefined) return null;
    total += Buffer.byteLength(head(part, boundary)) + size + 2;
  }
  return total;
}
