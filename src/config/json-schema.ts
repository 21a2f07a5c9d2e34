import { z } from 'zod';
import { operandSchema } from './action-schema';
import { configSchema } from './schema';

/** JSON Schema (draft 2020-12) of the config file, for completion and checks in editors. */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // A bare path may stand for an action; the generator cannot see that through the code that reads it.
      if (zodSchema === operandSchema) jsonSchema.anyOf = [{ type: 'string' }, { $ref: jsonSchema.$ref ?? '#' }];
      if (zodSchema === operandSchema) delete jsonSchema.$ref;
    },
  });
  return { title: 'Deskbridge config', ...schema };
}
