import { sha256 } from '../crypto/digest.js';
import { storable } from './span-tree.js';

// Which errors are one fault: the same class and code, the same message but for its values, thrown at the same place. The
// line number is shown and does not count, or every release would make old faults new.

/** What is kept of an unknown error; nothing of it tells whose request met it. */
export interface ErrorDescription {
  /** 32 hexadecimal digits. */
  readonly fingerprint: string;
  readonly name: string;
  readonly code: string | null;
  readonly message: string;
  readonly frame: string | null;
}

const MOST_CHARACTERS = 300;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
/** An id in disguise: at least six letters and digits, a digit among them. */
const WORD_WITH_DIGIT = /\b(?=[\w-]*\d)[\w-]{6,}\b/g;
const NUMBER = /\d+(?:[.,]\d+)*/g;
const EMAIL = /[^\s@"'<>]+@[^\s@"'<>]+/g;
/**
 * What programs quote is what somebody has sent, such as a name or the beginning of a body. Names of the schema and of properties are
 * the fault's own and stay, in the first group.
 */
const QUOTED =
  /(\b(?:column|relation|table|constraint|index|function|schema|role|type) "[a-z_.]*"|\((?:reading|setting) '[A-Za-z_$]*'\))|"[^"]*(?:"|$)|(?<!\w)'[^']*(?:'|$)|`[^`]*(?:`|$)/g;

/**
 * A message without its values, so that a group of errors keeps nothing of a person who was erased. Applied twice it changes nothing
 * more.
 */
export function withoutValues(message: string): string {
  let text = storable(message).slice(0, MOST_CHARACTERS).toWellFormed();
  for (let before = ''; before !== text;) {
    before = text;
    text = text
      .replace(EMAIL, '#')
      .replace(UUID, '#')
      .replace(WORD_WITH_DIGIT, '#')
      .replace(NUMBER, '#')
      .replace(QUOTED, (_all, own: string | undefined) => own ?? '#');
  }
  return text;
}

/** The innermost stack line of our own code, as `function (platform/http/x.js:12)`; null when there is none. */
export function ownFrame(stack: string | undefined): string | null {
  for (const line of (stack ?? '').split('\n').slice(1, 40)) {
    if (line.includes('node_modules') || line.includes('node:')) continue;
    const found =
      /^\s+at (?:async )?(?:(.{1,120}) \()?.*?\/(?:dist|src)\/([^()\s]{1,200}?):(\d+):\d+\)?$/.exec(line);
    if (found) return storable(`${found[1] ?? '(anonymous)'} (${found[2]}:${found[3]})`);
  }
  return null;
}

export function describeError(error: unknown): ErrorDescription {
  const { name, code, message, stack } = partsOf(error);
  const frame = ownFrame(stack);
  const text = withoutValues(message);
  const place = frame?.replace(/:\d+\)$/, ')') ?? '';
  const fingerprint = sha256([name, code ?? '', text, place].join('\n'))
    .toString('hex')
    .slice(0, 32);
  return { fingerprint, name, code, message: text, frame };
}

function partsOf(error: unknown): { name: string; code: string | null; message: string; stack?: string } {
  if (!(error instanceof Error))
    return { name: typeof error, code: null, message: typeof error === 'string' ? error : '' };
  const { code } = error as { code?: unknown };
  return {
    name: storable(error.constructor.name || error.name).slice(0, 100),
    code: typeof code === 'string' || typeof code === 'number' ? storable(String(code)).slice(0, 100) : null,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
  };
}
