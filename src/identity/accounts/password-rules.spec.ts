import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, passwordFault } from './password-rules.js';
import { COMMON_PASSWORDS } from './common-passwords.js';

const EMAIL = 'somebody@example.org';

describe('a new password', () => {
  it('of a fit length is accepted, whatever its characters', () => {
    const length = { minLength: MIN_PASSWORD_LENGTH, maxLength: MAX_PASSWORD_LENGTH / 2 };
    fc.assert(
      fc.property(fc.string({ ...length, unit: 'grapheme' }), (password) => {
        fc.pre(password.length <= MAX_PASSWORD_LENGTH && new Set(password.toLowerCase()).size > 1);
        fc.pre(!COMMON_PASSWORDS.has(password.toLowerCase()));
        expect(passwordFault(password, EMAIL)).toBeUndefined();
      }),
    );
  });

  it.each([
    ['correct horse battery staple', undefined],
    [' leading and trailing spaces ', undefined],
    ['x1'.repeat(64), undefined],
    ['ab'.repeat(512), undefined],
    ['ab'.repeat(512) + 'c', 'too-long'],
    ['1234567', 'too-short'],
    ['', 'too-short'],
    ['PassWord123', 'too-common'],
    ['!@#$%^&*', 'too-common'],
    ['somebody@example.ORG', 'too-common'],
    ['Somebody', 'too-common'],
    ['ffffffffffff', 'too-common'],
    ['\ud800-half-a-character', 'unreadable'],
  ])('%j', (password, fault) => {
    expect(passwordFault(password, EMAIL)).toBe(fault);
  });

  it('is looked up in a list of what could be chosen at all', () => {
    expect([...COMMON_PASSWORDS].filter((word) => word.length < MIN_PASSWORD_LENGTH)).toEqual([]);
    expect(COMMON_PASSWORDS.size).toBeGreaterThan(250);
  });
});
