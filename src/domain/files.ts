/**
 * Which files may pass. Promise: what the other side would refuse is known before a byte is sent, and named with its
 * reason. Sources: Field Nation contract 11, Freshdesk contract 8.
 */

/** A file of the ticket or the work order, without its address: addresses expire and are no memory's business. */
export interface FileRef {
  id: number;
  name: string;
  /** Bytes; null when it is not told. */
  size: number | null;
  type: string | null;
}

const MB = 1024 * 1024;

/** Largest file that a work order takes, and largest sum that a ticket takes. */
export const UPLOAD_LIMIT = 10 * MB;
export const TICKET_LIMIT = 20 * MB;

/** What Field Nation takes, and the type that each is sent as: what the sender called it does not count. */
const TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  pdf: 'application/pdf',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
};
const EXTENSIONS = Object.keys(TYPES);

/** In lower case, without its dot; empty when there is none. */
export const extensionOf = (name: string): string => /\.([^.]+)$/.exec(name.trim())?.[1]?.toLowerCase() ?? '';

/** The name without folders, without what turns or hides text, and without a beginning that a spreadsheet or a shell obeys. */
export function fileName(given: string): string {
  const base = given.split(/[\\/]/).at(-1) ?? '';
  const name = base
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .replace(/["<>|:*?]/g, '_')
    .replace(/^[\s.=+@-]+/, '')
    .trim();
  return name === '' ? 'file' : name;
}

/** Null: a type that we do not know, to be sent as mere bytes. */
export const typeOf = (name: string): string | null => TYPES[extensionOf(name)] ?? null;

/** Why a work order would not take the file, in words for a note; null when it would. */
export function whyLeftOut({ name, size }: Pick<FileRef, 'name' | 'size'>): string | null {
  if (typeOf(fileName(name)) === null) return `Field Nation takes ${EXTENSIONS.join(', ')} only`;
  return size !== null && size > UPLOAD_LIMIT ? TOO_LARGE : null;
}

export const TOO_LARGE = 'it is larger than the 10 MB that Field Nation takes';
