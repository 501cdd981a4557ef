import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readQuestion } from './question.js';

describe('a question', () => {
  it.each([
    ['that elf from session 3', { text: 'elf', kinds: [], session: 3, isLastSession: false }],
    ['Who was that elf in session #12?', { text: 'elf', kinds: [], session: 12, isLastSession: false }],
    ['the npc from session 4', { text: '', kinds: ['character'], session: 4, isLastSession: false }],
    [
      'the red town from last session',
      { text: 'red', kinds: ['location'], session: null, isLastSession: true },
    ],
    ['session 7', { text: '', kinds: [], session: 7, isLastSession: false }],
    ['die Stadt aus Sitzung 2', { text: '', kinds: ['location'], session: 2, isLastSession: false }],
    ['that item', { text: '', kinds: ['item'], session: null, isLastSession: false }],
    ['The Gloomburn', { text: 'The Gloomburn', kinds: [], session: null, isLastSession: false }],
    ['Ulssin Gloomburn', { text: 'Ulssin Gloomburn', kinds: [], session: null, isLastSession: false }],
    ['Place of Power', { text: 'Place of Power', kinds: [], session: null, isLastSession: false }],
  ])('%s', (asked, question) => {
    expect(readQuestion(asked)).toEqual(question);
  });

  it('is read whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (asked) => {
        const { text, session } = readQuestion(asked);
        expect(text.length).toBeLessThanOrEqual(4 * asked.length); // one sign may stand for several letters
        expect(session === null || Number.isSafeInteger(session)).toBe(true);
      }),
    );
  });
});
