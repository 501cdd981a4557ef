import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isStorable } from './storable.js';

describe('text that is stored', () => {
  it('is well-formed, without NUL, and not blank', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', '\0', '\ud800', '\udc00x', ' '),
        (a, b) => {
          const text = a + b;
          expect(isStorable(text)).toBe(text.trim() !== '' && !text.includes('\0') && text.isWellFormed());
        },
      ),
    );
  });

  it('may have lines and characters beyond the first plane', () => {
    for (const text of ['a\nb', '💰', 'é', ' x ']) expect(isStorable(text)).toBe(true);
    for (const text of ['', ' \n\u00a0', 'a\0b', 'a\ud83d', '\udcb0a']) expect(isStorable(text)).toBe(false);
  });
});
