import { z } from 'zod';
import type { Path } from './yaml-source';

type Schema = z.core.$ZodType;

/** The schema of what stands at `path`, or of the nearest thing around it. */
export function schemaAt(root: Schema, path: Path): Schema {
  let schema = root;
  for (const key of path) {
    const inner = step(unwrap(schema), key);
    if (inner === undefined) return schema;
    schema = inner;
  }
  return schema;
}

/** The keys that an object may have at `path`. */
export function keysAt(root: Schema, path: Path): string[] {
  const { def } = unwrap(schemaAt(root, path))._zod as z.core.$ZodTypes['_zod'];
  return def.type === 'object' ? Object.keys(def.shape) : [];
}

/** What the schema says about `path`; undefined when it says nothing. */
export function descriptionAt(root: Schema, path: Path): string | undefined {
  let schema: Schema | undefined = schemaAt(root, path);
  while (schema !== undefined) {
    const description = z.globalRegistry.get(schema)?.description;
    if (description !== undefined) return description;
    schema = wrapped(schema);
  }
  return undefined;
}

function unwrap(schema: Schema): Schema {
  const inner = wrapped(schema);
  return inner === undefined ? schema : unwrap(inner);
}

/** What a schema wraps for defaults, empty values and shorthands; undefined when it stands for itself. */
function wrapped(schema: Schema): Schema | undefined {
  const { def } = schema._zod as z.core.$ZodTypes['_zod'];
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
      return def.innerType;
    case 'lazy':
      return def.getter();
    case 'pipe': {
      const isPreprocess = (def.in._zod as z.core.$ZodTypes['_zod']).def.type === 'transform';
      return isPreprocess ? def.out : def.in;
    }
    default:
      return undefined;
  }
}

function step(schema: Schema, key: string | number): Schema | undefined {
  const { def } = schema._zod as z.core.$ZodTypes['_zod'];
  switch (def.type) {
    case 'object':
      return Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
    case 'record':
      return def.valueType;
    case 'array':
      return def.element;
    default:
      return undefined;
  }
}
