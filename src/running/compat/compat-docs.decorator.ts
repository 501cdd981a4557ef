import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiQuery } from '@nestjs/swagger';
import { z } from 'zod';

interface ShownSchema {
  readonly properties?: Record<string, object>;
  readonly required?: string[];
}

function shownSchema(schema: z.ZodType, io: 'input' | 'output'): ShownSchema {
  const { $schema: _dialect, ...shown } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<
    string,
    unknown
  >;
  return shown;
}

/** What the document says of a body that a zod schema checks. */
export const TakesBody = (schema: z.ZodType): MethodDecorator =>
  ApiBody({ schema: shownSchema(schema, 'input') });

/** The same of a query: every name is optional in the original. */
export const TakesQuery = (schema: z.ZodObject): MethodDecorator =>
  applyDecorators(
    ...Object.entries(shownSchema(schema, 'output').properties ?? {}).map(([name, shown]) =>
      ApiQuery({ name, required: false, schema: shown }),
    ),
  );
