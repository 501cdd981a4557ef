import type { z } from 'zod';
import { DomainError } from './domain-error.js';
import { faultsOf } from './input-fault.js';
import { HTTP_ERROR } from './problem.js';

/** Checks input by a zod schema. @throws DomainError (malformed) with one fault per issue */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new DomainError(
    'malformed',
    HTTP_ERROR.malformed,
    'The request has invalid fields.',
    faultsOf(parsed.error),
  );
}
