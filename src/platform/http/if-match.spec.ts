import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { etagOf, versionOf } from './if-match.js';

describe('If-Match', () => {
  it('gives back the version of a tag', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999 }), (version) => {
        expect(versionOf(etagOf(version))).toBe(version);
      }),
    );
  });

  it.each([
    [undefined, undefined],
    ['*', undefined],
    ['W/"3"', 'invalid'], // a weak tag never matches strongly (RFC 9110, 13.1.1)
    ['3', 'invalid'],
    ['"0"', 'invalid'],
    ['"x"', 'invalid'],
    ['', 'invalid'],
    ['"1", "2"', 'invalid'],
  ])('%j', (header, version) => {
    expect(versionOf(header)).toBe(version);
  });
});
