// A look over JSON bytes before anybody parses them: how deep they nest, whether they end, and where one long text of the outermost object
// lies, so that it can be taken out instead of being copied through the parser. It says nothing of what is in between: the parser does.

export type JsonOutline =
  | { readonly fault: 'not-an-object' | 'cut' | 'too-deep' }
  | { readonly fault: null; readonly text: TextSpan | null };

/** From behind the opening quote to the closing one. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const OPENING = new Set([0x7b, 0x5b]);
const CLOSING = new Set([0x7d, 0x5d]);
const BLANK = new Set([0x20, 0x09, 0x0a, 0x0d]);
const BRACE = 0x7b;

/** @param key of the outermost object; the first text under it is told, written without escapes @param mostDepth levels of objects and lists */
export function outlineJson(bytes: Buffer, key: string, mostDepth: number): JsonOutline {
  let at = 0;
  while (at < bytes.length && BLANK.has(bytes[at]!)) at++;
  if (bytes[at] !== BRACE) return { fault: at === bytes.length ? 'cut' : 'not-an-object' };
  const name = Buffer.from(key);
  let text: TextSpan | null = null;
  let depth = 0;
  /** The key whose value comes next is the one that is looked for. */
  let isNamed = false;
  let isValue = false;
  for (; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      const end = endOfText(bytes, at + 1);
      if (end < 0) return { fault: 'cut' };
      if (depth === 1 && !isValue) isNamed = name.equals(bytes.subarray(at + 1, end));
      else if (depth === 1 && isNamed) text ??= { start: at + 1, end };
      at = end;
    } else if (OPENING.has(byte)) {
      depth += 1;
      if (depth > mostDepth) return { fault: 'too-deep' };
    } else if (CLOSING.has(byte)) {
      depth -= 1;
      if (depth === 0) return { fault: null, text };
    } else if (depth === 1 && byte === COLON) isValue = true;
    else if (depth === 1 && byte === COMMA) isValue = false;
  }
  return { fault: 'cut' };
}

/** @returns where its closing quote is; -1 = nowhere */
function endOfText(bytes: Buffer, start: number): number {
  for (let end = bytes.indexOf(QUOTE, start); end >= 0; end = bytes.indexOf(QUOTE, end + 1)) {
    let backslashes = 0;
    while (end - 1 - backslashes >= start && bytes[end - 1 - backslashes] === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return -1;
}
