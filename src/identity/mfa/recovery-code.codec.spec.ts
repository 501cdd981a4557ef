import { describe, expect, it } from '@jest/globals';
import { hashOfRecoveryCode, newRecoveryCodes } from './recovery-code.codec.js';

describe('recovery codes', () => {
  it('are ten that differ, in four groups of four', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}$/);
  });

  it('are read however they are typed', () => {
    const typed = 'ab01-cd01-ef01-gh01';
    const hash = hashOfRecoveryCode(typed);
    for (const same of ['AB01CD01EF01GH01', ' ab01 cd01 ef01 gh01 ', 'abOI-cdol-efOl-ghoi'])
      expect(hashOfRecoveryCode(same)).toEqual(hash);
    expect(hashOfRecoveryCode('ab01-cd01-ef01-gh02')).not.toEqual(hash);
  });

  it.each(['', 'ab01', 'ab01-cd01-ef01-gh01-ij01', 'ab01-cd01-ef01-gh0_', '\0'.repeat(16)])(
    'are not %j',
    (typed) => {
      expect(hashOfRecoveryCode(typed)).toBeUndefined();
    },
  );
});
