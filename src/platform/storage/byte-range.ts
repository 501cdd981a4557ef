import type { ByteSpan } from './file-store.js';

/**
 * The part that a Range header asks for (RFC 9110 14.2). One span of bytes within the file is served; anything else counts as no
 * wish at all, which the standard allows.
 * @returns undefined = answer 200 with everything
 */
export function byteRange(header: string | undefined, sizeBytes: number): ByteSpan | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? undefined : { from: sizeBytes - length, to: sizeBytes - 1 };
  }
  const [from, to] = [Number(first), last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1)];
  if (last !== '' && Number(last) < from) return undefined;
  return from >= sizeBytes ? undefined : { from, to };
}
