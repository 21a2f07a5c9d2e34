/**
 * Files from the ticket to the work order and back. Promise: streamed from one side to the other, never whole in memory;
 * fetched without credentials and from allowed places only; an address that has expired is asked for anew once.
 */
import type { AttachmentFolder, FieldNationClient } from '../src/clients/field-nation';
import { FetchFileError, peek, type Download, type FetchFailure } from '../src/clients/fetch-file';
import type { FreshdeskClient, Ticket } from '../src/clients/freshdesk';
import type { FileSource } from '../src/clients/multipart';
import { UpstreamError } from '../src/clients/upstream-error';
import type { Config } from '../src/config/schema';
import { HEAD_BYTES, whyNotAsNamed } from '../src/domain/file-kinds';
import {
  extensionOf,
  fileName,
  TICKET_LIMIT,
  TOO_LARGE,
  typeOf,
  UPLOAD_LIMIT,
  type FileRef,
} from '../src/domain/files';
import { escapeHtml } from '../src/domain/mapping/html';
import { endsWithLine, noteMarker } from '../src/domain/conversation/markers';
import { isDocuments } from '../src/domain/conversation/counts';
import type { FileLinks } from './file-links';
import { findNote, writeNote } from './own-notes';

import type { Upstream } from './upstream';
import type {
  BringFilesInput,
  BroughtFiles,
  DeliverablesRead,
  NoteLeftOutInput,
  ReadDeliverablesInput,
  UploadedFile,
  UploadFileInput,
} from '../src/contract/conversation-calls';
import type { WrittenNote } from '../src/contract/ticket-calls';

const PER_PAGE = 100;

/** Ids of the two sides are numbers of their own. */
const orderFileKey = (id: number): number => -id;

/** The ticket's attachments, whose addresses are kept for a moment. */
export function ticketFiles(ticket: Ticket, links: FileLinks): FileRef[] {
  for (const file of ticket.attachments) links.remember(file.id, file.attachment_url);
  return ticket.attachments
    .slice(0, MOST_FILES)
    .map(({ id, name, size, content_type: type }) => ({ id, name: name ?? 'file', size, type }));
}
/** More than a ticket of 20 MB should have; bounds what a look brings into history. */
const MOST_FILES = 100;

/** What came of a file that could not be fetched; null when it may be another time. */
const WHY: Record<FetchFailure, string | null> = {
  refused: 'its address is not one that files are fetched from',
  expired: 'its address was refused',
  missing: 'it is no longer there',
  'too-large': TOO_LARGE,
  unavailable: null,
};

const isRefusal = (error: unknown): error is UpstreamError =>
  error instanceof UpstreamError && error.phase === 'answered' && [400, 413, 415, 422].includes(error.status ?? 0);

const documentsOf = (folders: readonly AttachmentFolder[]): AttachmentFolder | undefined =>
  folders.find(({ type }) => type === 'document') ?? folders.find(isDocuments);

const sourceOf = ({ name }: FileRef, download: Download): FileSource => ({
  name: fileName(name),
  contentType: typeOf(name),
  ...(download.size === null ? {} : { size: download.size }),
  open: () => download.body,
});

/** The file, when its beginning is what its name says; else why it is not. The download is dropped by whoever opened it. */
async function asNamed(file: FileRef, download: Download): Promise<{ source: FileSource } | { why: string }> {
  const { head, whole } = await peek(download, HEAD_BYTES);
  const why = whyNotAsNamed(extensionOf(fileName(file.name)), head);
  return why === null ? { source: sourceOf(file, whole) } : { why };
}

export interface FileActivitiesDeps {
  freshdesk: FreshdeskClient;
  fieldNation: FieldNationClient;
  links: FileLinks;
  config: { current(): Config };
  upstream: Upstream;
}

export const createFileActivities = ({ freshdesk, fieldNation, links, config, upstream }: FileActivitiesDeps) => {
  /** Asks Freshdesk for fresh addresses; one credit, seldom two. */
  const askAnew = async (ticketId: number, page: number | null, id: number): Promise<string | null> => {
    if (page === null) {
      const ticket = await upstream('freshdesk', (signal) => freshdesk.viewTicket(ticketId, {}, signal));
      ticketFiles(ticket, links);
    }
    // Deleted entries pull those behind them to the page before.
    const pages = page === null ? [] : [page, page - 1].filter((one) => one > 0);
    for (const at of pages) {
      const list = await upstream('freshdesk', (signal) =>
        freshdesk.listConversations(ticketId, { page: at, perPage: PER_PAGE }, signal),
      );
      for (const file of list.items.flatMap(({ attachments }) => attachments)) {
        links.remember(file.id, file.attachment_url);
      }
      if (links.get(id) !== null) break;
    }
    return links.get(id);
  };

  const openTicketFile = async ({ ticketId, file }: UploadFileInput, signal: AbortSignal): Promise<Download> => {
    const limits = { maxBytes: UPLOAD_LIMIT, signal };
    const known = links.get(file.id);
    if (known !== null) {
      try {
        return await freshdesk.openFile(known, limits);
      } catch (error) {
        if (!(error instanceof FetchFileError) || error.reason !== 'expired') throw error;
        links.forget(file.id);
      }
    }
    const link = await askAnew(ticketId, file.page, file.id);
    if (link === null) throw new FetchFileError('missing', 'The file is no longer there');
    return freshdesk.openFile(link, limits);
  };

  const readFolders = async (workOrderId: number, signal: AbortSignal): Promise<AttachmentFolder[]> => {
    const folders = await fieldNation.attachments(workOrderId, signal);
    for (const { id, file } of folders.flatMap(({ results }) => results)) {
      links.remember(orderFileKey(id), file?.link ?? null);
    }
    return folders;
  };

  return {
    /** Uploads one file of the ticket to the work order's documents; one call, one more when the folder has to be looked at. */
    async uploadFile(input: UploadFileInput): Promise<UploadedFile> {
      const { workOrderId, correlationId, file, lookFirst } = input;
      if (!config.current().dispatch.attachments) return 'off';
      const notes = `${correlationId} file ${file.id}`;
      return upstream('field-nation', async (signal) => {
        let { folderId } = input;
        if (folderId === null || lookFirst) {
          const folder = documentsOf(await readFolders(workOrderId, signal));
          if (!folder) return { folderId: null, leftOut: 'the work order has no folder for documents' };
          folderId = folder.id;
          const isThere = folder.results.some((item) =>
            item.notes === null
              ? item.file?.name === fileName(file.name) && item.file.size_bytes === file.size
              : endsWithLine(item.notes, notes),
          );
          if (lookFirst && isThere) return { folderId, leftOut: null };
        }
        try {
          const download = await openTicketFile(input, signal);
          try {
            const judged = await asNamed(file, download);
            if ('why' in judged) return { folderId, leftOut: judged.why };
            await fieldNation.uploadAttachment(workOrderId, { folderId, file: judged.source, notes }, signal);
          } finally {
            download.drop();
          }
          return { folderId, leftOut: null };
        } catch (error) {
          if (isRefusal(error)) return { folderId, leftOut: `Field Nation refused it (${error.status})` };
          if (!(error instanceof FetchFileError)) throw error;
          const leftOut = WHY[error.reason];
          return leftOut === null ? 'unfetched' : { folderId, leftOut };
        }
      });
    },

    /** Tells the agents which files the work order did not get, and why. */
    async noteLeftOut({
      ticketId,
      correlationId,
      workOrderId,
      files,
      ...look
    }: NoteLeftOutInput): Promise<WrittenNote> {
      const marker = noteMarker(correlationId, `left-out ${files[0]?.id ?? 0}`);
      const lines = files.map(({ name, why }) => `<li>${escapeHtml(fileName(name))}: ${escapeHtml(why)}</li>`).join('');
      const body = `<div>Not carried over to work order ${workOrderId}:</div><ul>${lines}</ul>`;
      return upstream('freshdesk', async (signal) => {
        const found = look.lookFirst ? await findNote(freshdesk, { ticketId, marker, from: look.from }, signal) : null;
        return found ?? writeNote(freshdesk, { ticketId, body, marker }, signal);
      });
    },

    /** Files that others put into the work order, beside the client's documents; one call. */
    async readDeliverables(input: ReadDeliverablesInput): Promise<DeliverablesRead | 'off'> {
      if (!config.current().dispatch.deliverables) return 'off';
      const { seen, floor } = input.brought;
      return upstream('field-nation', async (signal) => {
        const folders = await readFolders(input.workOrderId, signal);
        const all = folders.filter((folder) => !isDocuments(folder)).flatMap(({ results }) => results);
        const fresh = all.filter(({ id }) => id > floor && !seen.includes(id)).sort((a, b) => a.id - b.id);
        const files = fresh.slice(0, MOST_FILES).map(({ id, file }) => ({
          ...{ id, name: file?.name ?? 'file' },
          ...{ size: file?.size_bytes ?? null, type: file?.mime ?? null },
        }));
        return { files, count: all.length, more: files.length < fresh.length };
      });
    },

    /** Puts files of the work order into one private note; those that cannot be fetched are named with a link to the order. */
    async bringFiles(input: BringFilesInput): Promise<BroughtFiles> {
      const { ticketId, workOrderId, correlationId, files, linksOnly } = input;
      if (!config.current().dispatch.deliverables) return 'off';
      const marker = noteMarker(correlationId, `deliverable ${files[0]?.id ?? 0}`);
      return upstream('freshdesk', async (signal) => {
        const found = input.lookFirst
          ? await findNote(freshdesk, { ticketId, marker, from: input.from }, signal)
          : null;
        if (found) return found;
        const opened: Download[] = [];
        const passed: { file: FileRef; source: FileSource }[] = [];
        try {
          for (const file of linksOnly ? [] : files) {
            const download = await openDeliverable(workOrderId, file, signal);
            if (!download) continue;
            opened.push(download);
            const judged = await asNamed(file, download);
            if ('source' in judged) passed.push({ file, ...judged });
          }
          const brought = passed.map(({ file }) => file);
          const body = bodyOf(
            brought,
            files.filter((file) => !brought.includes(file)),
            input,
          );
          const attachments = passed.map(({ source }) => source);
          return await writeNote(freshdesk, { ticketId, body, marker, attachments }, signal);
        } catch (error) {
          if (isRefusal(error) && passed.length > 0) return 'refused';
          // Longer than it was told to be.
          if (error instanceof FetchFileError && error.reason === 'too-large') return 'refused';
          if (error instanceof FetchFileError) return 'unfetched';
          throw error;
        } finally {
          for (const download of opened) download.drop();
        }
      });
    },
  };

  /** Null when the file can surely not be fetched. */
  async function openDeliverable(workOrderId: number, file: FileRef, signal: AbortSignal): Promise<Download | null> {
    if ((file.size ?? 0) > TICKET_LIMIT) return null;
    const key = orderFileKey(file.id);
    if (links.get(key) === null) {
      await upstream('field-nation', (inner) => readFolders(workOrderId, inner));
    }
    const link = links.get(key);
    if (link === null) return null;
    try {
      return await fieldNation.openFile(link, { maxBytes: TICKET_LIMIT, signal });
    } catch (error) {
      links.forget(key);
      if (error instanceof FetchFileError && error.reason !== 'unavailable') return null;
      throw error;
    }
  }
};

function bodyOf(brought: FileRef[], missing: FileRef[], { workOrderId, href }: BringFilesInput): string {
  const named = (files: FileRef[]): string => files.map(({ name }) => escapeHtml(fileName(name))).join(', ');
  const order =
    href === null ? `work order ${workOrderId}` : `<a href="${escapeHtml(href)}">work order ${workOrderId}</a>`;
  const lines = [
    ...(brought.length > 0 ? [`<div>Files of ${order}: ${named(brought)}</div>`] : []),
    ...(missing.length > 0 ? [`<div>To be seen in ${order}: ${named(missing)}</div>`] : []),
  ];
  return lines.join('');
}
