import { pino, type Logger as PinoLogger } from 'pino';

export type Logger = PinoLogger;
export const LOGGER = Symbol('Logger');

const FLUSH_EVERY_MS = 500;

/** Values under these names never reach a log, however deep they lie (bodies are logged with DEBUG only). */
const SECRET_NAME =
  /pass(word|wd)?|secret|token|authorization|cookie|api_?key|otp|seed|ticket|code$|signature/i;

/** One JSON line per event on standard output, written in blocks: at most half a second of lines is lost on kill -9. */
export function createLogger(options: { role: string; logLevel: string }): {
  logger: Logger;
  flush: () => void;
} {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 8_192 });
  const timer = setInterval(() => destination.flush(), FLUSH_EVERY_MS).unref();
  const logger = pino({ level: options.logLevel, base: { role: options.role } }, destination);
  return {
    logger,
    flush: () => {
      clearInterval(timer);
      try {
        destination.flushSync();
      } catch {
        // nothing was written yet, or standard output is gone
      }
    },
  };
}

/** A copy for the log: secrets hidden, long texts and arrays cut. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string' && depth === 0) return `(text of ${value.length} characters)`; // NDJSON: secrets have no names
  if (typeof value === 'string')
    return value.length > 200 ? `${value.slice(0, 200)}... (${value.length} characters)` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= 6) return '[deeper]';
  if (Array.isArray(value)) {
    const head = value.slice(0, 5).map((element) => redact(element, depth + 1));
    return value.length > 5 ? [...head, `... (${value.length} elements)`] : head;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      SECRET_NAME.test(key) ? '[hidden]' : redact(inner, depth + 1),
    ]),
  );
}
