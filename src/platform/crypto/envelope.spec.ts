import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  encodePlace,
  EnvelopeError,
  type EnvelopeKey,
  keyIdOf,
  openEnvelope,
  sealEnvelope,
} from './envelope.js';

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const keys: fc.Arbitrary<EnvelopeKey> = fc.record({
  id: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  bytes: bytes(32),
});
const text = fc.string({ unit: 'grapheme' }).filter((value) => value.isWellFormed());
const places = fc.tuple(text, text, text, text);

describe('an envelope', () => {
  it('opens to what was sealed, and names its key', () => {
    fc.assert(
      fc.property(keys, places, fc.uint8Array({ maxLength: 300 }), (key, place, plain) => {
        const sealed = sealEnvelope(key, place, plain);
        expect(openEnvelope(key, place, sealed).equals(plain)).toBe(true);
        expect(keyIdOf(sealed).equals(key.id)).toBe(true);
        expect(sealed.length).toBe(plain.length + key.id.length + 30);
      }),
    );
  });

  it('does not open after any change of one bit', () => {
    fc.assert(
      fc.property(keys, places, fc.uint8Array({ maxLength: 24 }), (key, place, plain) => {
        const sealed = sealEnvelope(key, place, plain);
        for (let bit = 0; bit < sealed.length * 8; bit += 1) {
          const changed = Buffer.from(sealed);
          changed[bit >> 3]! ^= 1 << (bit & 7);
          expect(() => openEnvelope(key, place, changed)).toThrow(EnvelopeError);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('does not open when it was cut, or anything was added', () => {
    fc.assert(
      fc.property(keys, places, fc.uint8Array({ maxLength: 24 }), (key, place, plain) => {
        const sealed = sealEnvelope(key, place, plain);
        for (let length = 0; length < sealed.length; length += 1)
          expect(() => openEnvelope(key, place, sealed.subarray(0, length))).toThrow(EnvelopeError);
        expect(() => openEnvelope(key, place, Buffer.concat([sealed, Uint8Array.of(0)]))).toThrow(
          EnvelopeError,
        );
      }),
      { numRuns: 20 },
    );
  });

  it('opens at its own place only: another table, column, row or user is refused', () => {
    fc.assert(
      fc.property(keys, places, fc.nat(3), text, (key, place, index, other) => {
        fc.pre(place[index] !== other);
        const sealed = sealEnvelope(key, place, Buffer.from('secret'));
        const moved = place.map((part, at) => (at === index ? other : part));
        expect(() => openEnvelope(key, moved, sealed)).toThrow(EnvelopeError);
      }),
    );
  });

  it('opens with its own key only', () => {
    fc.assert(
      fc.property(keys, keys, places, (key, other, place) => {
        fc.pre(!Buffer.from(key.bytes).equals(other.bytes));
        const sealed = sealEnvelope(key, place, Buffer.from('secret'));
        expect(() => openEnvelope(other, place, sealed)).toThrow(EnvelopeError);
        expect(() => openEnvelope({ ...other, id: key.id }, place, sealed)).toThrow(EnvelopeError);
      }),
    );
  });

  it('has a nonce of its own, 100,000 times', () => {
    const key = { id: Uint8Array.of(1), bytes: new Uint8Array(32) };
    const nonces = new Set<string>();
    for (let count = 0; count < 100_000; count += 1)
      nonces.add(sealEnvelope(key, ['t', 'c', 'r', 'u'], new Uint8Array(0)).toString('latin1', 3, 15));
    expect(nonces.size).toBe(100_000);
  });

  it('takes keys of 32 bytes with an id, and nothing else', () => {
    const seal = (key: EnvelopeKey): unknown => sealEnvelope(key, [], new Uint8Array(0));
    expect(() => seal({ id: Uint8Array.of(1), bytes: new Uint8Array(31) })).toThrow('32 bytes');
    expect(() => seal({ id: new Uint8Array(0), bytes: new Uint8Array(32) })).toThrow('1 to 255');
    expect(() => seal({ id: new Uint8Array(256), bytes: new Uint8Array(32) })).toThrow('1 to 255');
  });
});

describe('the encoding of a place', () => {
  it('is different for different places', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), fc.array(text, { maxLength: 5 }), (left, right) => {
        const isSame = JSON.stringify(left) === JSON.stringify(right);
        expect(encodePlace(left).equals(encodePlace(right))).toBe(isSame);
      }),
    );
    expect(encodePlace(['a', 'bc']).equals(encodePlace(['ab', 'c']))).toBe(false);
    expect(() => encodePlace(['\ud800'])).toThrow(EnvelopeError);
  });
});
