/** How a request is written: path, query and body. */
import { encodeForm } from './multipart';
import type { HttpRequest, Query } from './http-types';

/** The path with its placeholders filled. */
export function fillPath({ path, params = {} }: HttpRequest): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

/** Blanks as `%20`, `+` as `%2B`: both upstreams read these alike, which is not so for a bare `+`. */
export function encodeQuery(query: Query = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  );
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

/** Body and headers; `form` is there to ask whether a file source failed. */
export function encodeBody({ json, form, multipart }: HttpRequest) {
  if (multipart) {
    const encoded = encodeForm(multipart);
    // undici takes any async iterable, but its types name streams only.
    return { body: encoded.body as unknown as Uint8Array, headers: encoded.headers, form: encoded };
  }
  if (form) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { body: new URLSearchParams(form).toString(), headers, form: null };
  }
  if (json === undefined) return { body: null, headers: {}, form: null };
  return { body: JSON.stringify(json), headers: { 'content-type': 'application/json' }, form: null };
}
