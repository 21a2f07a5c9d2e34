import { isObject } from '../json';
import type { JsonObject } from '../json';
import type { RequestBody } from '../body';
import { flatAnswer, FreshdeskRefusal } from './errors';
import type { FieldProblem } from './errors';
import type { FieldDefinition } from './account';

/** What an attribute's value must be. */
export type AttributeType =
  'text' | 'integer' | 'boolean' | 'texts' | 'integers' | 'timestamp' | 'object' | 'list' | 'files';

const NAMES: Record<AttributeType, string> = {
  text: 'String',
  integer: 'Integer',
  boolean: 'Boolean',
  texts: 'Array',
  integers: 'Array',
  timestamp: 'DateTime',
  object: 'key/value pair',
  list: 'Array',
  files: 'Array',
};

/** The body of a write as an object; form and multipart texts get the types of their attributes. */
export function writeBody(body: RequestBody, attributes: Record<string, AttributeType>): JsonObject {
  if (body.kind === 'other')
    throw new FreshdeskRefusal(flatAnswer(415, 'Content-Type header is set to an unsupported type.'));
  if (body.kind === 'unreadable')
    throw new FreshdeskRefusal(flatAnswer(400, 'Request body has invalid json format', 'invalid_json'));
  if (body.kind === 'none') return {};
  if (!isObject(body.value))
    throw new FreshdeskRefusal(flatAnswer(400, 'Request body has invalid json format', 'invalid_json'));
  return body.kind === 'json' ? body.value : fromForm(body.value, attributes);
}

function fromForm(fields: JsonObject, attributes: Record<string, AttributeType>): JsonObject {
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(fields)) {
    const nested = /^(\w+)\[(\w+)\]$/.exec(name);
    const key = nested?.[1] ?? name.replace(/\[\]$/, '');
    if (nested !== null && nested[2] !== undefined) {
      const object = isObject(result[key]) ? result[key] : {};
      result[key] = { ...object, [nested[2]]: value };
    } else if (typeof value === 'string') {
      result[key] = formValue(value, attributes[key]);
    } else {
      result[key] = attributes[key] === 'integers' && Array.isArray(value) ? value.map(Number) : value;
    }
  }
  return result;
}

function formValue(value: string, type: AttributeType | undefined): unknown {
  if (type === 'integer' && /^-?\d+$/.test(value)) return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}

/** Complaints about unknown attributes and wrong types (Freshdesk contract 6.3, 9.2). */
export function checkAttributes(
  body: JsonObject,
  attributes: Record<string, AttributeType>,
  notNull: readonly string[] = [],
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const [field, value] of Object.entries(body)) {
    const type = Object.hasOwn(attributes, field) ? attributes[field] : undefined;
    if (type === undefined || type === 'files') {
      problems.push({ field, message: 'Unexpected/invalid field in request', code: 'invalid_field' });
    } else if (value === null ? notNull.includes(field) : !isOfType(value, type)) {
      problems.push(wrongType(field, NAMES[type]));
    }
  }
  return problems;
}

function isOfType(value: unknown, type: AttributeType): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string';
    case 'integer':
      return Number.isInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'texts':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'integers':
      return Array.isArray(value) && value.every((item) => Number.isInteger(item));
    case 'timestamp':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value));
    case 'object':
      return isObject(value);
    case 'list':
    case 'files':
      return Array.isArray(value);
  }
}

/** Complaints about custom fields: unknown names, wrong types, values outside the choices. */
export function checkCustomFields(values: unknown, definitions: readonly FieldDefinition[]): FieldProblem[] {
  if (!isObject(values)) return [];
  const problems: FieldProblem[] = [];
  for (const [name, value] of Object.entries(values)) {
    const field = `custom_fields.${name}`;
    const definition = definitions.find((candidate) => candidate.name === name);
    if (definition === undefined) {
      problems.push({ field, message: 'Unexpected/invalid field in request', code: 'invalid_field' });
    } else if (value !== null) {
      const problem = checkValue(field, value, definition);
      if (problem !== null) problems.push(problem);
    }
  }
  return problems;
}

function checkValue(field: string, value: unknown, definition: FieldDefinition): FieldProblem | null {
  switch (definition.type) {
    case 'custom_checkbox':
      return typeof value === 'boolean' || value === 'true' || value === 'false' ? null : wrongType(field, 'Boolean');
    case 'custom_number':
      return Number.isInteger(value) ? null : wrongType(field, 'Integer');
    case 'custom_decimal': {
      const numeric = typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
      return numeric ? null : wrongType(field, 'Number');
    }
    case 'custom_date': {
      const valid = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
      return valid ? null : { field, message: 'Should be a valid date in yyyy-mm-dd format', code: 'invalid_value' };
    }
    case 'custom_dropdown': {
      const choices = definition.choices ?? [];
      if (typeof value === 'string' && choices.includes(value)) return null;
      return { field, message: `It should be one of these values: '${choices.join(',')}'`, code: 'invalid_value' };
    }
    default:
      if (typeof value !== 'string') return wrongType(field, 'String');
      return definition.type === 'custom_text' && value.length > 255 ? tooLong(field) : null;
  }
}

export const tooLong = (field: string): FieldProblem => ({
  field,
  message: 'It should have maximum of 255 characters',
  code: 'invalid_value',
});

export const missing = (field: string): FieldProblem => ({
  field,
  message: 'Mandatory attribute missing',
  code: 'missing_field',
});

const wrongType = (field: string, type: string): FieldProblem => ({
  field,
  message: `Value set is of the wrong type. It should be a/an ${type}`,
  code: 'datatype_mismatch',
});
