import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSignedBy, signatureOf } from './webhook-signature.js';

const NOW_S = 1_772_323_200;

describe('a signature', () => {
  it('is what anybody computes with openssl', () => {
    // printf '%s' '1772323200.{"a":1}' | openssl dgst -sha256 -hmac whsec_test
    expect(signatureOf('whsec_test', '{"a":1}', NOW_S)).toBe(
      't=1772323200,v1=63425d36ab7db34d41adadf40f1ff8a5e40bea4d4a5adf398371ea2cd9f85716',
    );
  });

  it('holds for its secret, body and time, and for no others', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string(),
        fc.integer({ min: 0, max: 600 }),
        (secret, body, else_, ageS) => {
          const header = signatureOf(secret, body, NOW_S - ageS);
          expect(isSignedBy(secret, body, header, NOW_S, 300)).toBe(ageS <= 300);
          if (else_ !== body) expect(isSignedBy(secret, else_, header, NOW_S, 600)).toBe(false);
          // HMAC fills short keys up with zeros: such secrets are the same key.
          if (else_.replace(/\0+$/, '') !== secret.replace(/\0+$/, ''))
            expect(isSignedBy(else_, body, header, NOW_S, 600)).toBe(false);
          const later = header.replace(/^t=\d+/, `t=${NOW_S + 1}`);
          expect(isSignedBy(secret, body, later, NOW_S, 600)).toBe(false);
        },
      ),
    );
  });

  it.each([
    '',
    't=,v1=',
    't=1772323200',
    't=1772323200,v1=00',
    'v1=00,t=1772323200',
    `t=1772323200,v1=${'0'.repeat(64)}`,
  ])('is not %j', (header) => {
    expect(isSignedBy('s', 'b', header, NOW_S, 300)).toBe(false);
  });
});
