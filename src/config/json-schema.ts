import { z } from 'zod';
import { KNOWN_TARGETS } from '../domain/mapping';
import { operandSchema } from './action-schema';
import { configSchema } from './schema';

type Schema = Record<string, unknown>;

/** JSON Schema (draft 2020-12) of the config file, for completion and checks in editors. */
export function configJsonSchema(): Schema {
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // A bare path may stand for an action; the generator cannot see that through the code that reads it.
      if (zodSchema === operandSchema) jsonSchema.anyOf = [{ type: 'string' }, { $ref: jsonSchema.$ref ?? '#' }];
      if (zodSchema === operandSchema) delete jsonSchema.$ref;
    },
  });
  return { title: 'Deskbridge config', ...withTargets(schema) };
}

/** Names the targets one by one, so that an editor offers them; custom fields have names of their own. */
function withTargets(schema: Schema): Schema {
  const properties = schema['properties'] as Record<string, Schema>;
  const { additionalProperties: action, propertyNames: _any, ...workOrder } = properties['workOrder'] ?? {};
  const named = Object.fromEntries(KNOWN_TARGETS.map((target) => [target, action]));
  // Other numbers of list items, and custom fields.
  const patternProperties = { '^custom_fields\\.': action, '\\[[0-9]+\\]': action };
  const lines = { ...workOrder, properties: named, patternProperties, additionalProperties: false };
  return { ...schema, properties: { ...properties, workOrder: lines } };
}
