import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normaliseEmail } from './email-address.js';

describe('an e-mail address', () => {
  it('has one stored form, whatever its letters’ case', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        const stored = normaliseEmail(address);
        expect(normaliseEmail(address.toUpperCase())).toBe(stored);
        if (stored !== undefined) expect(normaliseEmail(stored)).toBe(stored);
      }),
    );
  });

  it('keeps what may tell mailboxes apart', () => {
    expect(normaliseEmail('A.b+Tag@Example.ORG')).toBe('a.b+tag@example.org');
  });

  it.each([
    '',
    'a',
    'a@b',
    '@example.org',
    'a@',
    ' a@example.org',
    'a@example.org ',
    'a b@example.org',
    'a@exa mple.org',
    'a@-example.org',
    'a@example..org',
    'a@example.org\r\nBcc: b@example.org',
    'a@b@example.org',
    'ä@example.org',
    'a@exämple.org',
    'Кarl@example.org',
    'İ@example.org',
    '\u212Aate@example.org', // the Kelvin sign, whose lower case is k
    'ſ@example.org',
    'a\0@example.org',
    `${'a'.repeat(65)}@example.org`,
    `a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(60)}`,
    '"a"@example.org',
    '<a@example.org>',
  ])('is not %j', (text) => {
    expect(normaliseEmail(text)).toBeUndefined();
  });
});
