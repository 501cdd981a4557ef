import { types } from 'node:util';
import { DatabaseError } from 'pg';

/** The database cannot be asked now; the caller may try again. HTTP answers 503. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
}

const UNAVAILABLE_CLASSES = ['08', '57', '53', '58']; // connection, operator intervention, resources (disk full), system
const UNAVAILABLE_SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EAI_AGAIN',
  'ENETDOWN',
  'ENETUNREACH',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ERR_STREAM_DESTROYED',
]);
/** SQLSTATE: the connection has no prepared statement of that name. */
export const LOST_STATEMENT = '26000';
/** A neighbour on the same pipelined connection failed while it prepared the statement for both; nothing was run. */
const LOST_PREPARATION_CODES = new Set([LOST_STATEMENT, '42P05']);
const UNAVAILABLE_TEXTS =
  /Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|not queryable|connection was closed|Cannot use a pool after calling end/i;

/** Maps what pg throws when the server is away, restarting, overloaded or out of disk; everything else passes unchanged. */
export function translateDatabaseError(error: unknown): unknown {
  if (error instanceof DatabaseUnavailableError || !types.isNativeError(error)) return error;
  const { code } = error as { code?: unknown };
  const isUnavailable =
    (typeof code === 'string' && isUnavailableCode(code)) ||
    (!(error instanceof DatabaseError) && UNAVAILABLE_TEXTS.test(error.message));
  return isUnavailable ? new DatabaseUnavailableError(error.message, { cause: error }) : error;
}

function isUnavailableCode(code: string): boolean {
  if (UNAVAILABLE_SYSTEM_CODES.has(code) || LOST_PREPARATION_CODES.has(code)) return true;
  return code !== '57014' && UNAVAILABLE_CLASSES.some((prefix) => code.startsWith(prefix));
}

/** SQLSTATE of a server error, or undefined: `23505` unique, `23503` foreign key, `40P01` deadlock, `57014` cancelled. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined;
}
