// Characters that are there and are not seen: controls, marks that turn the reading direction, and the invisible alphabet in which
// instructions are smuggled past a reader. The joiner of emoji stays.

const UNSEEN =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu;

/** The same text without what nobody sees; line ends and tabs stay, halves of characters do not. */
export function withoutUnseen(text: string): string {
  return text.replace(UNSEEN, '');
}

/** The longest beginning that takes at most so many bytes of UTF-8 and ends between two characters. */
export function firstBytes(text: string, mostBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= mostBytes) return text;
  let end = Math.max(0, mostBytes);
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString();
}
