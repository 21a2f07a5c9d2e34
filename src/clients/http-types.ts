/** What goes into the shared transport and what comes out. */
import type { FormPart } from './multipart';
import type { UpstreamSystem } from './upstream-error';

/** One finished call, for logs and metrics; `call` holds no query and no id. `status` is null when no answer came. */
export interface UpstreamCall {
  system: UpstreamSystem;
  /** E.g. `POST /workorders/{id}/publish`. */
  call: string;
  status: number | null;
  ms: number;
}
export type CallHook = (call: UpstreamCall) => void;

/** A call that is about to be sent. */
export interface CallAdmission {
  /** As in {@link UpstreamCall}. */
  call: string;
  /** What the answer shall include besides, which some upstreams charge for. */
  includes: readonly string[];
}

/** What an answer told of the quota; null what it did not. `used` is what this one call cost. */
export interface ToldQuota {
  limit: number | null;
  remaining: number | null;
  used: number | null;
}

export interface CallEnd {
  /** False: surely not. */
  sent: boolean;
  status: number | null;
  /** Null: no answer came. */
  quota: ToldQuota | null;
}

/** Resolves when the call may be sent, with what is told of its end. What it throws is what the call throws. */
export type Admit = (call: CallAdmission, signal: AbortSignal | undefined) => Promise<(end: CallEnd) => void>;

export interface TransportOptions {
  system: UpstreamSystem;
  /** http or https, may carry a path prefix. */
  baseUrl: string;
  /** Per call, including the body; 20 s by default, five times that for one that carries files. */
  timeoutMs?: number | undefined;
  /** Of an answer; 10 MB by default. */
  maxBodyBytes?: number | undefined;
  admit?: Admit | undefined;
  onCall?: CallHook | undefined;
  /** Of each answer, names in lower case; it must not throw. */
  onHeaders?: ((headers: Readonly<Record<string, string>>) => void) | undefined;
}

/** `undefined` leaves a parameter out. */
export type Query = Record<string, string | number | boolean | undefined>;

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Part of the path that stays out of the call's name, e.g. `/api/v2`. */
  prefix?: string;
  /** With placeholders: `/tickets/{id}`. */
  path: string;
  params?: Record<string, string | number>;
  query?: Query;
  headers?: Record<string, string>;
  /** At most one of these three. */
  json?: unknown;
  form?: Record<string, string>;
  multipart?: readonly FormPart[];
  signal?: AbortSignal | undefined;
}

/** Any HTTP answer, whatever its status; header names in lower case. */
export interface HttpAnswer {
  /** What it answers. */
  request: HttpRequest;
  call: string;
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Transport {
  /**
   * Throws `UpstreamError` of phase `not-sent`, `no-answer` or `unreadable` (a 2xx larger than allowed), or the
   * signal's own reason when that aborts, or the error of a file source that could not be read.
   */
  request(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}
