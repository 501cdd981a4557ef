import type { z } from 'zod';
import { DomainError, type InputFault } from './domain-error.js';
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

/** Issues of zod as faults; for an element of a batch, `prefix` says which. */
export function faultsOf(error: z.ZodError, prefix = ''): InputFault[] {
  return error.issues.flatMap((issue) => {
    const base =
      prefix +
      issue.path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    const pointers = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => `${base}/${key}`) : [base];
    return pointers.map((pointer) => ({
      pointer,
      code: issue.code.replaceAll('_', '-'),
      detail: issue.message,
    }));
  });
}
