import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wordsQuery } from './words-query.js';

const words = (query: string, zero_terms_query = 'none') => ({
  match: { words: { query, operator: 'and', zero_terms_query } },
});
const phrase = (query: string) => ({ match_phrase: { words: { query } } });
const group = (must: object[], must_not: object[] = []) => ({ bool: { must, must_not } });

describe('what somebody types', () => {
  it.each([
    ['black dog', [group([words('black dog')])]],
    ['"black dog" tavern', [group([phrase('black dog'), words('tavern', 'all')])]],
    ['"unclosed end', [group([phrase('unclosed end')])]],
    ['dog or cat OR owl', [group([words('dog')]), group([words('cat')]), group([words('owl')])]],
    ['dog -cat -"old owl"', [group([words('dog')], [phrase('cat'), phrase('old owl')])]],
    ['or or', undefined],
    ['- -- ""', undefined],
  ])('is read as PostgreSQL reads it: %s', (text, should) => {
    expect(wordsQuery(text, ['words'])).toEqual(
      should === undefined ? undefined : { bool: { should, minimum_should_match: 1 } },
    );
  });

  it('may be any text, and each field may hold it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const one = wordsQuery(text, ['a']) as { bool: { should: object[] } } | undefined;
        const two = wordsQuery(text, ['a', 'b']) as { bool: { should: object[] } } | undefined;
        expect(two?.bool.should.length).toBe(one && 2 * one.bool.should.length);
      }),
    );
  });
});
