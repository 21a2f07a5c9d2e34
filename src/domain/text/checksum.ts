/**
 * Eight digits or less that tell two texts apart, the same in every run: workflow code has no hash function. Nothing secret
 * or hostile hangs on it. FNV-1a of 32 bits.
 */
export function checksum(text: string): string {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return (sum >>> 0).toString(36);
}
