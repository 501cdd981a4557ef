import 'reflect-metadata';
import type { OpenAPIObject } from '@nestjs/swagger';
import { getMetadataStorage } from 'class-validator';

/** Where `@ApiProperty()` keeps what it is told; what is there already wins over what the generator finds out itself. */
const API_PROPERTY = 'swagger/apiModelProperties';

/** Of what class-validator keeps: the rules of each class. */
type Rules = ReadonlyMap<
  { name: string; prototype: object } | string,
  { name: string; propertyName: string; each: boolean }[]
>;

/**
 * Says `integer` where `@IsInt()` stands: the generator of the document knows TypeScript's `number` alone, and a client made
 * from it would send fractions. Before the document is made.
 */
export function describeIntegers(): void {
  for (const [target, rules] of getMetadataStorage()['validationMetadatas'] as Rules) {
    if (typeof target === 'string') continue; // a schema without a class; there is none here
    const { prototype } = target;
    for (const { name, propertyName, each } of rules) {
      if (name !== 'isInt') continue;
      const known = Reflect.getMetadata(API_PROPERTY, prototype, propertyName) as object | undefined;
      const integer = { type: 'integer', ...(each && { isArray: true }) };
      Reflect.defineMetadata(API_PROPERTY, { ...known, ...integer }, prototype, propertyName);
    }
  }
}

/** The same of ids in paths, where pipes read them: a number there is never a fraction. */
export function describePathIntegers(paths: OpenAPIObject['paths']): void {
  interface Described {
    parameters?: { in: string; schema?: { type?: string } }[];
  }
  for (const path of Object.values(paths)) {
    for (const { parameters = [] } of Object.values(path as Record<string, Described>)) {
      for (const parameter of parameters) {
        if (parameter.in === 'path' && parameter.schema?.type === 'number') parameter.schema.type = 'integer';
      }
    }
  }
}
