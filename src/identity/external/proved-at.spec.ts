import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { provedAtMsOf } from './proved-at.js';

const NOW_S = 1_800_000_000;
const TOLERANCE_S = 5;
const provedAtMs = (claims: Record<string, unknown>): number | undefined =>
  provedAtMsOf(claims, NOW_S * 1_000, TOLERANCE_S);
const past = fc.integer({ min: 0, max: NOW_S });
const future = fc.integer({ min: NOW_S + TOLERANCE_S + 1, max: 2 * NOW_S });
const noTime = fc.oneof(fc.string(), fc.boolean(), fc.constant(null), fc.constant(-1), fc.constant(Infinity));

describe('the sign-in behind a token of another issuer', () => {
  it('is when auth_time says, whatever else is there', () => {
    fc.assert(
      fc.property(past, fc.anything(), (atS, amr) => {
        expect(provedAtMs({ auth_time: atS, amr })).toBe(atS * 1_000);
      }),
    );
  });

  it('is the newest of the ways that Supabase lists, without those that have not come yet', () => {
    fc.assert(
      fc.property(fc.array(past), fc.array(fc.oneof(future, noTime)), (proved, others) => {
        const amr = [...others, ...proved].map((timestamp) => ({ method: 'password', timestamp }));
        expect(provedAtMs({ amr })).toBe(proved.length === 0 ? undefined : Math.max(...proved) * 1_000);
      }),
    );
  });

  it('is never after now, though the issuer’s clock may be a little ahead', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: TOLERANCE_S }), (aheadS) => {
        expect(provedAtMs({ auth_time: NOW_S + aheadS })).toBe(NOW_S * 1_000);
      }),
    );
    fc.assert(
      fc.property(future, (atS) => {
        expect(provedAtMs({ auth_time: atS })).toBeUndefined();
      }),
    );
  });

  it('is unknown where the token says nothing that could be read so', () => {
    fc.assert(
      fc.property(
        noTime,
        fc.oneof(noTime, fc.array(fc.oneof(fc.string(), fc.constant(null)))),
        (time, amr) => {
          expect(provedAtMs({ amr })).toBeUndefined();
          expect(provedAtMs({ auth_time: time, amr })).toBeUndefined();
        },
      ),
    );
  });
});
