import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { guessTokens, historyWindow, MOST_HISTORY_MESSAGES, type SaidBefore } from './history-window.js';

const said = fc.array(
  fc.record({
    role: fc.constantFrom('user' as const, 'assistant' as const),
    content: fc.string({ maxLength: 400 }),
  }),
  { maxLength: 60 },
);

describe('what the model is told of what was said before', () => {
  it('is the end of it, whole messages, within both bounds, and begins with a question', () => {
    fc.assert(
      fc.property(said, fc.integer({ min: 0, max: 2_000 }), (all, most) => {
        const told = historyWindow(all, most);
        expect(told).toEqual(all.slice(all.length - told.length));
        expect(told.length).toBeLessThanOrEqual(MOST_HISTORY_MESSAGES);
        expect(told.reduce((sum, { content }) => sum + guessTokens(content), 0)).toBeLessThanOrEqual(most);
        if (told.length > 0) expect(told[0]!.role).toBe('user');
      }),
    );
  });

  it('keeps as much as fits', () => {
    const short: SaidBefore[] = Array.from({ length: 30 }, (_, index) => ({
      role: index % 2 === 0 ? 'user' : 'assistant',
      content: `message ${index}`,
    }));
    expect(historyWindow(short)).toEqual(short.slice(10));
    expect(historyWindow([{ role: 'user', content: 'x'.repeat(20_000) }, ...short.slice(0, 2)])).toEqual(
      short.slice(0, 2),
    );
  });
});
