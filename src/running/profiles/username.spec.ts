import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldUsername, isUsername, madeUpUsername } from './username.js';

const inner = fc.string({ unit: fc.constantFrom(...'abcXYZ019._-'), minLength: 1, maxLength: 48 });
const edge = fc.constantFrom(...'abcXYZ019');

describe('a username', () => {
  it('is 3 to 50 letters, digits, dots, lines and hyphens between a letter or a digit and another', () => {
    fc.assert(fc.property(edge, inner, edge, (first, middle, last) => isUsername(first + middle + last)));
    for (const name of [
      'ab',
      'a'.repeat(51),
      '.ab',
      'ab.',
      'a b',
      'a/b',
      'ä-name',
      'аnna',
      'abc\n',
      '',
      'a%2fb',
    ])
      expect([name, isUsername(name)]).toEqual([name, false]);
  });

  it('is no id of an account, however that is written', () => {
    fc.assert(fc.property(fc.uuid(), (id) => !isUsername(id) && !isUsername(id.toUpperCase())));
    expect(isUsername('0190a5d6-7b9c-7000-8000-00000000000')).toBe(true); // one digit short of one
  });

  it('is the same however it is written', () => {
    fc.assert(
      fc.property(edge, inner, edge, (first, middle, last) => {
        const name = first + middle + last;
        return foldUsername(name.toUpperCase()) === foldUsername(name) && isUsername(foldUsername(name));
      }),
    );
  });

  it('is made up of any ten bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 10, maxLength: 10 }), (bytes) =>
        isUsername(madeUpUsername(bytes)),
      ),
    );
  });
});
