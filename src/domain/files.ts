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

const EXTENSIONS = ['jpg', 'jpeg', 'png', 'gif', 'pdf', 'doc', 'docx', 'xls', 'xlsx', 'csv'];

/** Why a work order would not take the file, in words for a note; null when it would. */
export function whyLeftOut({ name, size }: Pick<FileRef, 'name' | 'size'>): string | null {
  const extension = /\.([^.]+)$/.exec(name.trim())?.[1]?.toLowerCase() ?? '';
  if (!EXTENSIONS.includes(extension)) return `Field Nation takes ${EXTENSIONS.join(', ')} only`;
  return size !== null && size > UPLOAD_LIMIT ? TOO_LARGE : null;
}

export const TOO_LARGE = 'it is larger than the 10 MB that Field Nation takes';
