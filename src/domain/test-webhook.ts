/**
 * The webhook by which Deskbridge tests whether an address leads to one. Promise: no route takes it for news, since its body
 * is not JSON; a Deskbridge that gets it counts it neither as heard nor as refused.
 */

const MARK = 'deskbridge test webhook ';
const ID = /^[\w-]{1,64}$/;

export const testBody = (id: string): string => MARK + id;

/** The id of a test webhook; null for every other body. */
export function testIdOf(body: Uint8Array): string | null {
  if (body.length > MARK.length + 64) return null;
  const text = String.fromCharCode(...body);
  const id = text.slice(MARK.length);
  return text.startsWith(MARK) && ID.test(id) ? id : null;
}
