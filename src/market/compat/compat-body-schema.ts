import { z } from 'zod';

/** A body in OpenAPI, as a client writes it. */
export function bodySchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...body } = z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>;
  return body;
}
