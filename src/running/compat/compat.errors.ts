import { DomainError } from '../../platform/http/domain-error.js';
import { HTTP_ERROR } from '../../platform/http/problem.js';

/** A field of the original's that does not do, for a reason that no schema sees. */
export function invalidField(field: string, detail: string): DomainError {
  return new DomainError('malformed', HTTP_ERROR.malformed, 'The request has invalid fields.', [
    { pointer: `/${field}`, code: 'invalid', detail },
  ]);
}

/**
 * Does native work and tells what is wrong with it by the names that the client sent.
 * @param names of the original by the native ones, as in pointers without their first slash
 */
export async function inOriginalNames<T>(
  names: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError) || error.faults.length === 0) throw error;
    const { kind, code, message, faults, retryAfterS } = error;
    const renamed = faults.map((fault) => {
      const name = names[fault.pointer.slice(1)];
      return name === undefined ? fault : { ...fault, pointer: `/${name}` };
    });
    throw new DomainError(kind, code, message, renamed, retryAfterS);
  }
}
