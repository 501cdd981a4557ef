import type { Schema } from './open-api.js';

/**
 * Where a value departs from its schema, as JSON pointers with a reason; empty when it keeps to it. Strict: a key that the
 * schema does not name is a departure, since responses are whitelists.
 */
export function departures(
  value: unknown,
  schema: Schema | undefined,
  schemas: Record<string, Schema>,
  at = '',
): string[] {
  if (schema === undefined) return [];
  if (schema.$ref !== undefined)
    return departures(value, schemas[schema.$ref.split('/').at(-1)!], schemas, at);
  if (value === null) return schema.nullable || schema.type === 'null' ? [] : [`${at}: null`];
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) {
    const tries = choices.map((choice) => departures(value, choice, schemas, at));
    return tries.find((found) => found.length === 0) ?? [`${at}: none of the choices (${tries[0]?.[0]})`];
  }
  if (schema.allOf) return schema.allOf.flatMap((part) => departures(value, part, schemas, at));
  if (schema.enum) return schema.enum.includes(value) ? [] : [`${at}: not one of ${schema.enum.join()}`];
  switch (schema.type) {
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((element, index) => departures(element, schema.items, schemas, `${at}/${index}`))
        : [`${at}: not an array`];
    case 'object':
      return objectDepartures(value, schema, schemas, at);
    case 'integer':
      return Number.isInteger(value) ? [] : [`${at}: not an integer`];
    default:
      return typeof value === schema.type ? [] : [`${at}: not a ${schema.type}`];
  }
}

function objectDepartures(
  value: unknown,
  schema: Schema,
  schemas: Record<string, Schema>,
  at: string,
): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at}: not an object`];
  const { properties, required = [], additionalProperties } = schema;
  const found = required.filter((key) => !Object.hasOwn(value, key)).map((key) => `${at}/${key}: missing`);
  for (const [key, inner] of Object.entries(value)) {
    const own = properties?.[key];
    if (own) found.push(...departures(inner, own, schemas, `${at}/${key}`));
    else if (typeof additionalProperties === 'object')
      found.push(...departures(inner, additionalProperties, schemas, `${at}/${key}`));
    else if (properties !== undefined) found.push(`${at}/${key}: not in the schema`);
  }
  return found;
}
