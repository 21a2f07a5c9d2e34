/**
 * Encrypts what Temporal keeps. Promise: with keys, everything that goes to Temporal as a payload – arguments, results,
 * signals, queries, memos, summaries, details, and the words of failures – is AES-256-GCM under the first key; what any of
 * the keys encrypted is read; what nobody encrypted, such as a signal typed by hand, passes as it is.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { EncryptionKey } from '../config/encryption-keys';

/** A payload that no key at hand can read; the message names the key and what to do. */
export class PayloadUnreadableError extends Error {
  override readonly name = 'PayloadUnreadableError';
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** As in Temporal's own samples, so that its tools know it for what it is. */
const ENCRYPTED = Buffer.from('binary/encrypted');
const ENCODING = 'encoding';
const KEY_ID = 'encryption-key-id';

const { Payload: WirePayload } = temporal.api.common.v1;

/** What client and workers convert their data with; plain without keys. */
export function createDataConverter(keys: readonly EncryptionKey[]): DataConverter {
  if (keys.length === 0) return {};
  return { payloadCodecs: [createCodec(keys)], failureConverterPath: require.resolve('./failure-converter') };
}

/** Without keys it encodes nothing; an encrypted payload is then one with an unknown key. */
export function createCodec(keys: readonly EncryptionKey[]): PayloadCodec {
  const [newest] = keys;
  return {
    encode: async (payloads) => (newest ? payloads.map((payload) => encrypt(payload, newest)) : payloads),
    decode: async (payloads) => payloads.map((payload) => decrypt(payload, keys)),
  };
}

function encrypt(payload: Payload, { id, secret }: EncryptionKey): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const keyId = Buffer.from(id);
  const cipher = createCipheriv(CIPHER, secret, nonce).setAAD(keyId);
  const sealed = cipher.update(WirePayload.encode(payload).finish());
  return {
    metadata: { [ENCODING]: ENCRYPTED, [KEY_ID]: keyId },
    data: Buffer.concat([nonce, sealed, cipher.final(), cipher.getAuthTag()]),
  };
}

/** @throws PayloadUnreadableError */
function decrypt(payload: Payload, keys: readonly EncryptionKey[]): Payload {
  const { metadata, data } = payload;
  const encoding = metadata?.[ENCODING];
  if (!encoding || !ENCRYPTED.equals(encoding)) return payload;
  const keyId = Buffer.from(metadata?.[KEY_ID] ?? []);
  const id = keyId
    .toString()
    .replace(/[^\w.-]/g, '?')
    .slice(0, 64);
  const key = keys.find((known) => keyId.equals(Buffer.from(known.id)));
  if (!key) {
    throw new PayloadUnreadableError(
      `A payload is encrypted with the key "${id}", which is not among DESKBRIDGE_ENCRYPTION_KEYS. ` +
        `Put that key back behind the newest one and restart.`,
    );
  }
  try {
    const sealed = Buffer.from(data ?? []);
    const decipher = createDecipheriv(CIPHER, key.secret, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(keyId).setAuthTag(sealed.subarray(-TAG_BYTES));
    const plain = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return WirePayload.decode(plain);
  } catch {
    throw new PayloadUnreadableError(
      `A payload that names the key "${id}" cannot be read with it: the payload was altered, or the key of that id in ` +
        `DESKBRIDGE_ENCRYPTION_KEYS is another one than it was written with. Give the id its former key and restart; ` +
        `where the key is right, reset or terminate the run that holds the payload.`,
    );
  }
}
