import { canonicalJson } from './canonical-json.js';

// What of a change is written down. Secrets never are, under whatever name they come: the audit trail is kept longer, and read by
// more people, than what it tells of. Long values are cut, so that one change cannot fill the table.

/** Values under such names are hidden, however deep they lie. */
const SECRET_NAME =
  /pass(word|wd|phrase|code)?|secret|token|jwt|bearer|authorization|cookie|credential|api_?key|private_?key|signing_?key|data_?key|wrapped|sealed|cipher|salt|otp|seed|recovery|verifier|assertion|signature|nonce|challenge|(^|_)(pin|code|hash|digest|key)$|Hash$|Digest$|(access|refresh|signing|private|public)Key$/i;
/** Values that are secrets whatever they are called: signed tokens, authorization headers, private keys, URLs with a password. */
const SECRET_VALUE =
  /^eyJ[\w-]+\.[\w-]+\.|^(Bearer|Basic) \S|-----BEGIN [A-Z ]*PRIVATE KEY-----|^[a-z][a-z0-9+.-]*:\/\/[^/\s@]*:[^/\s@]+@/i;

const HIDDEN = '[hidden]';
const MAX_TEXT = 500;
const MAX_ELEMENTS = 50;
const MAX_DEPTH = 6;
/** Characters of JSON of one side of a change. */
const MAX_CHARACTERS = 8_192;

/** The state before or after a change, as it may be kept. @param state JSON values and Dates; undefined where there was none */
export function redactState(state: unknown): unknown {
  if (state === undefined || state === null) return null;
  const plain = JSON.parse(JSON.stringify(state)) as unknown;
  const kept = redact(plain, 0);
  const { length } = canonicalJson(kept);
  return length <= MAX_CHARACTERS ? kept : { omittedCharacters: length };
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (Array.isArray(value)) {
    const head = value.slice(0, MAX_ELEMENTS).map((element) => redact(element, depth + 1));
    return value.length > MAX_ELEMENTS ? [...head, `... (${value.length} elements)`] : head;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      SECRET_NAME.test(key) && holdsText(inner) ? HIDDEN : redact(inner, depth + 1),
    ]),
  );
}

/** A flag or a count under such a name (`hasPassword`, `tokenCount`) is no secret; a number may be: `pin`, `otp`. */
function holdsText(value: unknown): boolean {
  return value !== null && typeof value !== 'boolean';
}

function redactText(text: string): string {
  if (SECRET_VALUE.test(text)) return HIDDEN;
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}... (${text.length} characters)` : text;
}
