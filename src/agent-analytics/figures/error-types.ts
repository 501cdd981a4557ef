// What kind of fault an agent's run met, from the text of whoever reported it, so that a thousand faults are a handful of kinds. Texts are
// those of Python and HTTP libraries: the name of an exception first, where there is one. What is quoted or counted in a message differs
// from time to time and may be a player's; it is left out.

/** Where nothing was said. */
export const UNKNOWN_ERROR = 'unknown';
const MOST_CHARACTERS = 80;
/** Of JavaScript and of PostgreSQL alike, the class in brackets: what is left of a message that is erased. */
export const EXCEPTION_PATTERN = String.raw`^\s*(?:[A-Za-z_]\w*\.)*([A-Z]\w*(?:Error|Exception|Timeout|Exceeded|Interrupt|Warning|Exit))(?!\w)`;
/** Likewise; in any case. */
export const STATUS_PATTERN = String.raw`(?<!\w)(?:HTTP|status(?: code)?|error code)[ :=]*([45]\d\d)(?!\w)`;
const EXCEPTION = new RegExp(EXCEPTION_PATTERN);
const STATUS = new RegExp(STATUS_PATTERN, 'i');
const QUOTED = /"[^"]*"?|'[^']*'?|`[^`]*`?|\{[^]*|\[[^]*/g;
const COUNTED = /[0-9a-f]{8,}(?:-[0-9a-f]+)*|\d+(?:\.\d+)*/gi;

/** @param message of the step that failed; null = it said nothing */
export function errorTypeOf(message: string | null): string {
  const text = message?.trim() ?? '';
  const [, exception] = EXCEPTION.exec(text) ?? [];
  if (exception !== undefined) return exception.slice(0, MOST_CHARACTERS);
  const [, status] = STATUS.exec(text) ?? [];
  if (status !== undefined) return `HTTP ${status}`;
  const [first = ''] = text.split('\n', 1);
  const plain = first.replace(QUOTED, '…').replace(COUNTED, '#').replace(/\s+/g, ' ').trim();
  return [...plain].slice(0, MOST_CHARACTERS).join('').trim() || UNKNOWN_ERROR;
}
