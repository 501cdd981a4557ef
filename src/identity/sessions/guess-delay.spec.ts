import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { COUNTED_TRIES, FREE_TRIES, guessDelayMs, LONGEST_DELAY_MS } from './guess-delay.js';

const tries = fc.integer({ min: 1, max: 1_000 });

describe('the delay of a guess', () => {
  it('grows with each, and has an end', () => {
    fc.assert(
      fc.property(tries, tries, (a, b) => {
        const [fewer, more] = [guessDelayMs(Math.min(a, b)), guessDelayMs(Math.max(a, b))];
        expect(fewer).toBeLessThanOrEqual(more);
        expect(more).toBeLessThanOrEqual(LONGEST_DELAY_MS);
      }),
    );
  });

  it('is nothing for who mistypes, and all there is where counting ends', () => {
    expect(guessDelayMs(FREE_TRIES)).toBe(0);
    expect(guessDelayMs(FREE_TRIES + 1)).toBe(250);
    expect(guessDelayMs(FREE_TRIES + 6)).toBe(500);
    expect(guessDelayMs(COUNTED_TRIES)).toBe(LONGEST_DELAY_MS);
  });
});
