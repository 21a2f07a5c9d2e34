/** Registers the search attributes that Deskbridge writes, on any Temporal server. */
import { setTimeout as delay } from 'node:timers/promises';
import { isGrpcServiceError } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../src/contract/search-attributes';

type Name = keyof typeof SEARCH_ATTRIBUTES;

/** Numbers of `temporal.api.enums.v1.IndexedValueType`; the package that holds the enum is no dependency of ours. */
const VALUE_TYPES = { Keyword: 2, Int: 3, Datetime: 6, KeywordList: 7 } as const;

const CALL_MS = 10_000;
/** A server takes a few seconds to act on a new attribute; until then starts that use it are refused. */
const VISIBLE_WITHIN_MS = 30_000;
const POLL_MS = 250;

/** gRPC status codes. */
const CODE = {
  alreadyExists: 6,
  permissionDenied: 7,
  unimplemented: 12,
  unauthenticated: 16,
};

/** Thrown when this service may not register them; the message gives the commands for someone who may. */
export class SearchAttributesError extends Error {
  override name = 'SearchAttributesError';
}

/** Registers what is missing and resolves when the server knows all; changes nothing when all are there. */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  let missing = Object.keys(SEARCH_ATTRIBUTES) as Name[];
  try {
    missing = await missingAttributes(connection, namespace);
    if (missing.length === 0) return;
    await connection.withDeadline(Date.now() + CALL_MS, () =>
      connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(missing.map((name) => [name, VALUE_TYPES[SEARCH_ATTRIBUTES[name]]])),
      }),
    );
  } catch (error) {
    // Another process that starts at the same time may have been quicker.
    if (!hasCode(error, CODE.alreadyExists)) throw explained(error, namespace, missing);
  }
  const deadline = Date.now() + VISIBLE_WITHIN_MS;
  while ((missing = await missingAttributes(connection, namespace)).length > 0) {
    if (Date.now() > deadline) throw explained(new Error('the server does not list them'), namespace, missing);
    await delay(POLL_MS);
  }
}

/** Those that the namespace lacks. @throws SearchAttributesError when one has another type. */
export async function missingAttributes(connection: Connection, namespace: string): Promise<Name[]> {
  const { customAttributes } = await connection.withDeadline(Date.now() + CALL_MS, () =>
    connection.operatorService.listSearchAttributes({ namespace }),
  );
  return (Object.keys(SEARCH_ATTRIBUTES) as Name[]).filter((name) => {
    const found = customAttributes[name];
    const wanted = SEARCH_ATTRIBUTES[name];
    if (found !== undefined && Number(found) !== VALUE_TYPES[wanted]) {
      throw new SearchAttributesError(
        `The search attribute ${name} of namespace ${namespace} has another type than ${wanted}. ` +
          'Remove it (temporal operator search-attribute remove) or use another namespace.',
      );
    }
    return found === undefined;
  });
}

/** What somebody with the right to do so runs. */
export const createCommand = (namespace: string, name: Name): string =>
  `temporal operator search-attribute create --namespace ${namespace} --name ${name} --type ${SEARCH_ATTRIBUTES[name]}`;

function explained(error: unknown, namespace: string, missing: Name[]): unknown {
  if (error instanceof SearchAttributesError) return error;
  const refused = [CODE.permissionDenied, CODE.unimplemented, CODE.unauthenticated].some((code) =>
    hasCode(error, code),
  );
  if (!refused && isGrpcServiceError(error)) return error;
  const commands = missing.map((name) => `  ${createCommand(namespace, name)}`);
  return new SearchAttributesError(
    [
      `Deskbridge could not register its search attributes in namespace ${namespace} (${(error as Error).message}).`,
      'Have someone with the right to do so run:',
      ...commands,
    ].join('\n'),
    { cause: error },
  );
}

function hasCode(error: unknown, code: number): boolean {
  return isGrpcServiceError(error) && Number(error.code) === code;
}
