/**
 * Encrypts what Temporal keeps. Promise: with keys, everything that goes to Temporal as a payload – arguments, results,
 * signals, queries, memos, summaries, details, and the words of failures – is AES-256-GCM under a key of its run, made of the
 * first key; what any of the keys encrypted is read, in no other run than its own. What nobody encrypted passes as it is,
 * or, where that is to be refused, only in the form of a signal typed by hand.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import type { DataConverter, Payload, PayloadCodec, SerializationContext } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { EncryptionKey } from '../config/encryption-keys';

/** A payload that no key at hand can read; the message names the key and what to do. */
export class PayloadUnreadableError extends Error {
  override readonly name = 'PayloadUnreadableError';
}

/** What becomes of payloads that nobody encrypted, where there are keys. */
export type PlainPayloads = 'accept' | 'refuse';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** As in Temporal's own samples, so that its tools know it for what it is. */
const ENCRYPTED = Buffer.from('binary/encrypted');
const ENCODING = 'encoding';
const KEY_ID = 'encryption-key-id';
/** Whose payload it is. The remote codec of UI and command line is not told: it reads it here. */
const BOUND_TO = 'encryption-bound-to';
/** A schedule's runs have its input, and its action's id with the time behind it. */
const SCHEDULED = /-\d{4}-\d\d-\d\dT[\d:.]+Z$/;

const { Payload: WirePayload } = temporal.api.common.v1;

/** What client and workers convert their data with; plain without keys. */
export function createDataConverter(keys: readonly EncryptionKey[], plain: PlainPayloads = 'accept'): DataConverter {
  if (keys.length === 0) return {};
  return { payloadCodecs: [createCodec(keys, plain)], failureConverterPath: require.resolve('./failure-converter') };
}

/** Without keys it encodes nothing; an encrypted payload is then one with an unknown key. */
export function createCodec(keys: readonly EncryptionKey[], plain: PlainPayloads = 'accept'): PayloadCodec {
  const [newest] = keys;
  return {
    encode: async (payloads, context) =>
      newest ? payloads.map((payload) => encrypt(payload, newest, ownerOf(context))) : payloads,
    decode: async (payloads, context) =>
      payloads.map((payload) => {
        if (isEncrypted(payload)) return decrypt(payload, keys, ownerOf(context));
        if (plain === 'refuse' && newest && !isTypedByHand(payload)) throw notEncrypted();
        return payload;
      }),
  };
}

/** Empty where the SDK tells of none, as for a schedule's own memo and for what the remote codec encodes. */
const ownerOf = (context: SerializationContext | undefined): string =>
  context?.workflowId === undefined ? '' : `${context.type} ${context.workflowId}`;

/** No two runs share a key, so that none comes near the 2^32 payloads that random nonces are good for. */
const keyOf = (secret: KeyObject, owner: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', `deskbridge payloads of ${owner}`, 32));

const isEncrypted = ({ metadata }: Payload): boolean => ENCRYPTED.equals(metadata?.[ENCODING] ?? Buffer.alloc(0));

/** The arguments of `retry`, `approve` and `cancelDispatch`; no event, no ticket, no work order has this form. */
function isTypedByHand({ metadata, data }: Payload): boolean {
  if (Buffer.from(metadata?.[ENCODING] ?? []).toString() !== 'json/plain') return false;
  try {
    const value: unknown = JSON.parse(Buffer.from(data ?? []).toString());
    if (value === null) return true;
    return typeof value === 'object' && Object.keys(value).every((key) => ['by', 'reason', 'amount'].includes(key));
  } catch {
    return false;
  }
}

const notEncrypted = (): PayloadUnreadableError =>
  new PayloadUnreadableError(
    'A payload is not encrypted, and DESKBRIDGE_ENCRYPTION_PLAIN is refuse. Somebody else wrote it, or it is from before ' +
      'the keys: look who may write to Temporal, or set accept until the runs of before have ended.',
  );

/** The parts are told apart by a byte that none of them holds. */
const boundData = (keyId: Buffer, owner: string): Buffer => Buffer.concat([keyId, Buffer.from(`\0${owner}`)]);

function encrypt(payload: Payload, { id, secret }: EncryptionKey, owner: string): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const keyId = Buffer.from(id);
  const cipher = createCipheriv(CIPHER, keyOf(secret, owner), nonce).setAAD(boundData(keyId, owner));
  const sealed = cipher.update(WirePayload.encode(payload).finish());
  return {
    metadata: { [ENCODING]: ENCRYPTED, [KEY_ID]: keyId, ...(owner && { [BOUND_TO]: Buffer.from(owner) }) },
    data: Buffer.concat([nonce, sealed, cipher.final(), cipher.getAuthTag()]),
  };
}

/** @throws PayloadUnreadableError */
function decrypt({ metadata, data }: Payload, keys: readonly EncryptionKey[], reader: string): Payload {
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
  const owner = Buffer.from(metadata?.[BOUND_TO] ?? []).toString();
  if (owner && reader && owner !== reader && owner !== reader.replace(SCHEDULED, '')) {
    throw new PayloadUnreadableError(
      'A payload was written for another run than the one that holds it: somebody has moved it. ' +
        'Look who may write to Temporal, and reset or terminate the run that holds it.',
    );
  }
  try {
    const sealed = Buffer.from(data ?? []);
    const decipher = createDecipheriv(CIPHER, keyOf(key.secret, owner), sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(boundData(keyId, owner)).setAuthTag(sealed.subarray(-TAG_BYTES));
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
