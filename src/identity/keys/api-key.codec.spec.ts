import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../../platform/crypto/digest.js';
import { newApiKey, prefixOf } from './api-key.codec.js';

describe('an API key', () => {
  it('is told by its form, begins with its prefix and is kept as a digest', () => {
    for (let index = 0; index < 200; index += 1) {
      const { key, prefix, hash } = newApiKey();
      expect(key).toMatch(/^gh_[0-9a-z]{12}_[\w-]{43}$/);
      expect(key.startsWith(`${prefix}_`)).toBe(true);
      expect(prefixOf(key)).toBe(prefix);
      expect(hash).toEqual(sha256(key));
    }
  });

  it.each([
    '',
    'gh_',
    'gh_0123456789ab_',
    `gh_0123456789ab_${'x'.repeat(44)}`,
    `GH_0123456789ab_${'x'.repeat(43)}`,
  ])('is not %j', (text) => {
    expect(prefixOf(text)).toBeUndefined();
  });
});
