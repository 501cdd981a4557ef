import { importRefused, importTooLarge } from '../tabletop.errors.js';
import { ImportRefusal } from './import-refusal.js';

/** What a reader has thrown, in the caller's terms. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof ImportRefusal)) return error;
  return error.code === 'too-large'
    ? importTooLarge(error.message)
    : importRefused(error.code, error.message);
}

/** @throws DomainError where the reader throws that it does not take the file */
export function orRefused<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw refusalOf(error);
  }
}
