import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Principal } from './principal.js';
import { assertProved, PROOF_LASTS_MS } from './step-up.js';

const NOW_MS = 1_800_000_000_000;
const caller = (given: Partial<Principal>): Principal => ({
  id: '01900000-0000-7000-8000-000000000001',
  kind: 'account',
  name: 'account',
  permissions: new Set(),
  ...given,
});

describe('a fresh proof', () => {
  it('counts for five minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 * PROOF_LASTS_MS }), (ageMs) => {
        const ask = (): void => assertProved(caller({ provedAtMs: NOW_MS - ageMs }), NOW_MS);
        if (ageMs <= PROOF_LASTS_MS) ask();
        else expect(ask).toThrow(expect.objectContaining({ code: 'auth/step-up-needed', status: 403 }));
      }),
    );
  });

  it.each<[string, Partial<Principal>, RegExp]>([
    ['at a device', { sessionId: 's', provedAtMs: 0 }, /step-up/],
    ['with a key', { keyId: 'k' }, /sign in/],
    ['with a token of another issuer', { provedAtMs: 0 }, /anew at the issuer/],
    ['with one that tells of no sign-in', {}, /auth_time.*operator/],
  ])('is asked for in words that help who calls %s', (_who, given, advice) => {
    expect(() => assertProved(caller(given), NOW_MS)).toThrow(advice);
  });
});
