import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KEPT_MS, Revoked } from './revoked.js';

describe('what was taken back', () => {
  it('holds for every token below the highest version told, in whatever order, and for nobody else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 })),
        fc.integer({ min: 1, max: 9 }),
        (told, version) => {
          const revoked = new Revoked();
          for (const minimum of told) revoked.add('account', minimum, 0);
          expect(revoked.has({ id: 'account', sessionId: 's', tokenVersion: version })).toBe(
            told.some((minimum) => version < minimum),
          );
          expect(revoked.has({ id: 'other', tokenVersion: version })).toBe(false);
        },
      ),
    );
  });

  it('is a session, a key or an identity as a whole', () => {
    const revoked = new Revoked();
    revoked.add('session', null, 0);
    revoked.add('key', null, 0);
    revoked.add('identity', null, 0);
    expect(revoked.has({ id: 'a', sessionId: 'session', tokenVersion: 9 })).toBe(true);
    expect(revoked.has({ id: 'a', keyId: 'key', tokenVersion: 9 })).toBe(true);
    expect(revoked.has({ id: 'a', identityId: 'identity', tokenVersion: 9 })).toBe(true);
    const other = { sessionId: 'another', keyId: 'another', identityId: 'another' };
    expect(revoked.has({ id: 'a', ...other, tokenVersion: 1 })).toBe(false);
  });

  it('is forgotten after its time', () => {
    const revoked = new Revoked();
    revoked.add('old', null, 0);
    revoked.add('new', null, KEPT_MS);
    revoked.forgetOld(KEPT_MS + 1);
    expect(revoked.has({ id: 'a', sessionId: 'old' })).toBe(false);
    expect(revoked.has({ id: 'a', sessionId: 'new' })).toBe(true);
    expect(revoked.size).toBe(1);
  });
});
