import type { z } from 'zod';

/** One fault of the input: where (JSON pointer, RFC 6901), which, and in words. */
export interface InputFault {
  pointer: string;
  code: string;
  detail: string;
}

/** Issues of zod as faults; for an element of a batch, `prefix` says which. */
export function faultsOf(error: z.ZodError, prefix = ''): InputFault[] {
  return error.issues.flatMap((issue) => {
    const base = prefix + issue.path.map(pointerTo).join('');
    const pointers =
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => base + pointerTo(key)) : [base];
    return pointers.map((pointer) => ({
      pointer,
      code: issue.code.replaceAll('_', '-'),
      detail: issue.message,
    }));
  });
}

/** One step of a JSON pointer, escaped (RFC 6901, 3). */
export function pointerTo(key: PropertyKey): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
