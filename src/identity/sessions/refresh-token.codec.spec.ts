import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  childSecret,
  decodeRefreshToken,
  encodeRefreshToken,
  isMarked,
  newSecret,
} from './refresh-token.codec.js';

const tokens = fc.record({
  sessionId: fc.uuid({ version: 7 }),
  counter: fc.nat(2 ** 32 - 1),
  secret: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes)),
});
const KEY = Buffer.alloc(32, 7);

describe('a refresh token', () => {
  it('says what was put into it, in 95 characters of the URL alphabet', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        const text = encodeRefreshToken(token, KEY);
        expect(text).toMatch(/^ghr_[\w-]{91}$/);
        const decoded = decodeRefreshToken(text)!;
        expect(decoded).toMatchObject(token);
        expect(isMarked(decoded, KEY)).toBe(true);
      }),
    );
  });

  it('is not ours when a bit of it is changed, or under the key of another session', () => {
    fc.assert(
      fc.property(tokens, fc.nat(68 * 8 - 1), (token, bit) => {
        const bytes = Buffer.from(encodeRefreshToken(token, KEY).slice(4), 'base64url');
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        const changed = decodeRefreshToken(`ghr_${bytes.toString('base64url')}`)!;
        expect(isMarked(changed, KEY)).toBe(false);
        expect(isMarked(decodeRefreshToken(encodeRefreshToken(token, KEY))!, Buffer.alloc(32, 8))).toBe(
          false,
        );
      }),
    );
  });

  it('is nothing else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(decodeRefreshToken(text)).toBeUndefined();
      }),
    );
  });

  it('has a child that neither parent nor nonce gives away alone', () => {
    const [parent, nonce] = [newSecret(), newSecret()];
    const child = childSecret(parent, nonce);
    expect(childSecret(parent, nonce)).toEqual(child);
    expect(child).toHaveLength(32);
    expect(childSecret(newSecret(), nonce)).not.toEqual(child);
    expect(childSecret(parent, newSecret())).not.toEqual(child);
  });
});
