import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { generateSync } from 'otplib';
import { enrolmentUri, newSeed, stepOfCode } from './totp.codec.js';

/** `12345678901234567890`, the seed of RFC 6238, in Base32. */
const RFC_SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const STEP_MS = 30_000;
const codeAt = (seed: string, atMs: number): string =>
  generateSync({ secret: seed, epoch: Math.floor(atMs / 1_000) });

describe('a code of an authenticator app', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [20_000_000_000, '353130'],
  ])('is the one of RFC 6238 after %d s', (epochS, code) => {
    expect(stepOfCode(RFC_SEED, code, epochS * 1_000)).toBe(Math.floor(epochS / 30));
  });

  it('counts one step before and after its own, wherever in the step one asks, and no further', () => {
    const seed = newSeed();
    const someStep = fc.integer({ min: 50_000_000, max: 70_000_000 });
    fc.assert(
      fc.property(someStep, fc.integer({ min: -4, max: 4 }), fc.nat(STEP_MS - 1), (step, off, intoMs) => {
        const code = codeAt(seed, step * STEP_MS);
        const found = stepOfCode(seed, code, (step + off) * STEP_MS + intoMs);
        if (Math.abs(off) <= 1) expect(found).toBe(step);
        else if (found !== undefined) expect(codeAt(seed, found * STEP_MS)).toBe(code); // one in a million, twice the same
      }),
      { numRuns: 60 },
    );
  });

  it.each(['', '12345', '1234567', 'abcdef', '１２３４５６', '-12345', '1e5555', ' '.repeat(20)])(
    'is not %j',
    (typed) => {
      expect(stepOfCode(RFC_SEED, typed, 59_000)).toBeUndefined();
    },
  );

  it('may be typed with a space', () => {
    expect(stepOfCode(RFC_SEED, ' 287 082', 59_000)).toBe(1);
  });

  it('comes from a seed of 160 bits that the app reads from a QR code', () => {
    const seed = newSeed();
    expect(seed).toMatch(/^[A-Z2-7]{32}$/);
    const uri = new URL(enrolmentUri(seed, 'anna@example.org'));
    expect(uri.protocol).toBe('otpauth:');
    expect(uri.searchParams.get('secret')).toBe(seed);
    expect(uri.searchParams.get('issuer')).toBe('Guildhall');
  });
});
