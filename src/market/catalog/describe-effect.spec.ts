import { describe, expect, it } from '@jest/globals';
import { describeEffect, effectKind } from './describe-effect.js';

describe('an effect in words', () => {
  it.each<[number, number, number | null, string | null]>([
    [110, 210, null, 'Rend 210 points de vie'],
    [139, 570, 570, "Rend 570 points d'énergie"],
    [110, 10, 20, 'Rend 10 à 20 points de vie'],
    [999, 10, 20, null],
  ])('%i with %j to %j', (effectId, minValue, maxValue, words) => {
    expect(describeEffect(effectId, minValue, maxValue)).toBe(words);
    expect(effectKind(effectId) === null).toBe(words === null);
  });
});
