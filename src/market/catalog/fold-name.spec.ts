import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldName } from './fold-name.js';

const anyName = fc.string({ unit: 'binary', maxLength: 60 });

describe('foldName', () => {
  it.each([
    ['Épée de Boisaille', 'epee de boisaille'],
    ["Patte d'Ecaflip", "patte d'ecaflip"],
    ['Œuf de Tōfu', 'oeuf de tofu'],
    ['Vitæ', 'vitae'],
    ['L’Ombre', "l'ombre"],
    ['  Bois\u00a0de \t Frêne ', 'bois de frene'],
    ['E\u0301pe\u0301e', 'epee'],
    ['İstanbul', 'istanbul'],
    ['Ǽther', 'aether'],
    ['', ''],
  ])('folds %j to %j', (name, key) => {
    expect(foldName(name)).toBe(key);
  });

  it('changes nothing when applied again, for every character there is', () => {
    const changed: string[] = [];
    for (let code = 0; code <= 0x10ffff; code += 1) {
      // The neighbours matter: lower-casing and composing depend on what stands beside a character.
      const key = foldName(`a${String.fromCodePoint(code)}e`);
      if (foldName(key) !== key) changed.push(code.toString(16));
    }
    expect(changed).toEqual([]);
  });

  it('changes nothing when applied again, for any text', () => {
    fc.assert(fc.property(anyName, (name) => foldName(foldName(name)) === foldName(name)));
  });

  it('leaves no accent, no upper-case Latin letter and no doubled or outer blank', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const key = foldName(name);
        expect(key.normalize('NFD')).not.toMatch(/\p{M}/u);
        expect(key).not.toMatch(/[A-ZÀ-ÖØ-ÞŒÆ]|\s\s|^\s|\s$/);
      }),
    );
  });

  it('does not tell composed from decomposed, nor small from capital French letters', () => {
    const french = fc.string({ unit: fc.constantFrom(...'aàâäbcçdeéèêëiîïoôöœuùûüæ -'), maxLength: 40 });
    fc.assert(
      fc.property(french, (name) => {
        expect(foldName(name.normalize('NFD'))).toBe(foldName(name));
        expect(foldName(name.toUpperCase())).toBe(foldName(name));
      }),
    );
  });

  it('still tells different plain names apart', () => {
    const plain = fc.stringMatching(/^[a-z]{1,12}$/);
    fc.assert(fc.property(plain, (name) => foldName(name) === name));
  });
});
