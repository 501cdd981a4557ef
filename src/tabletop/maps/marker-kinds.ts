/** A pin says that something is there; a token is moved. */
export const MARKER_KINDS = ['pin', 'token'] as const;
export type MarkerKind = (typeof MARKER_KINDS)[number];

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 16;

/** The id that a marker of ours gets in Foundry: 16 letters and digits, always the same ones, from the 128 bits of its own. */
export function foundryIdOf(id: string): string {
  let left = BigInt(`0x${id.replaceAll('-', '')}`);
  let letters = '';
  // The last bits of a UUIDv7 are the random ones, and are taken first.
  for (let at = 0; at < LENGTH; at++) {
    letters += LETTERS[Number(left % 62n)]!;
    left /= 62n;
  }
  return letters;
}
