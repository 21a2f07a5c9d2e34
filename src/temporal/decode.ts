/** Reading what Temporal keeps, through the public side of the data converter: one payload, one failure. */
import type { LoadedDataConverter, Payload, ProtoFailure } from '@temporalio/common';

/** @throws when no key at hand can read it, or it is no JSON. */
export async function decodePayload(converter: LoadedDataConverter, payload: Payload): Promise<unknown> {
  return converter.payloadConverter.fromPayload(await plain(converter, payload));
}

/** The first of some arguments; undefined when there is none. @throws as {@link decodePayload} */
export async function decodeFirst(
  converter: LoadedDataConverter,
  payloads: readonly Payload[] | null | undefined,
): Promise<unknown> {
  const [first] = payloads ?? [];
  return first && decodePayload(converter, first);
}

/** A failure with its causes and details. @throws as {@link decodePayload} */
export async function decodeFailure(converter: LoadedDataConverter, failure: ProtoFailure): Promise<Error> {
  return converter.failureConverter.failureToError(await plainFailure(converter, failure), converter.payloadConverter);
}

/** What was encoded last is decoded first. */
async function plain({ payloadCodecs }: LoadedDataConverter, payload: Payload): Promise<Payload> {
  let [decoded] = [payload];
  for (const codec of [...payloadCodecs].reverse()) [decoded = payload] = await codec.decode([decoded]);
  return decoded;
}

async function plainFailure(converter: LoadedDataConverter, failure: ProtoFailure): Promise<ProtoFailure> {
  const { encodedAttributes, applicationFailureInfo: application, cause } = failure;
  const details = application?.details?.payloads;
  return {
    ...failure,
    ...(encodedAttributes ? { encodedAttributes: await plain(converter, encodedAttributes) } : {}),
    ...(details
      ? {
          applicationFailureInfo: {
            ...application,
            details: { payloads: await Promise.all(details.map((payload) => plain(converter, payload))) },
          },
        }
      : {}),
    ...(cause ? { cause: await plainFailure(converter, cause) } : {}),
  };
}
