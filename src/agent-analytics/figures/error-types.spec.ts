import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { errorTypeOf, UNKNOWN_ERROR } from './error-types.js';

describe('the type of an error', () => {
  it.each([
    [null, UNKNOWN_ERROR],
    ['  ', UNKNOWN_ERROR],
    ['RateLimitError: the model is overloaded', 'RateLimitError'],
    ['openai.RateLimitError: Error code: 429 - {...}', 'RateLimitError'],
    ['ReadTimeout', 'ReadTimeout'],
    ['Error code: 503 - upstream', 'HTTP 503'],
    ['request failed with status code 429', 'HTTP 429'],
    ['Tool "look at Maya" ran 3 times in 12.5 s', 'Tool … ran # times in # s'],
    ['cannot read {"text": "my secret"}', 'cannot read …'],
    ['no run 0af3c2d1-77aa was found', 'no run # was found'],
    ['first line\nsecond', 'first line'],
  ])('of %j is %s', (message, type) => {
    expect(errorTypeOf(message)).toBe(type);
  });

  it('is short, without line breaks, and that of itself or less', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (message) => {
        const type = errorTypeOf(message);
        expect(type).not.toBe('');
        expect([...type].length).toBeLessThanOrEqual(80);
        expect(type).not.toMatch(/[\r\n]/);
        expect(errorTypeOf(`${message}\nmore`).length).toBeGreaterThan(0);
      }),
    );
  });

  it('does not tell what was quoted', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ]{6,40}$/), fc.constantFrom('"', "'", '`'), (words, quote) => {
        expect(errorTypeOf(`it said ${quote}${words}${quote} and went`)).toBe('it said … and went');
      }),
    );
  });
});
