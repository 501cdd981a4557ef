import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { refusedWords, searchGroups } from '../search/search-words.js';
import { wordsQuery } from './words-query.js';

const words = (query: string, zero_terms_query = 'none') => ({
  match: { words: { query, operator: 'and', zero_terms_query } },
});
const phrase = (query: string) => ({ match_phrase: { words: { query } } });
const any = (should: object[]) => ({ bool: { should, minimum_should_match: 1 } });
const group = (must: object[], must_not: object[] = []) => ({
  bool: { must: must.length === 0 ? [] : [any([{ bool: { must } }])], must_not },
});

describe('what somebody types', () => {
  it.each([
    ['black dog', [group([words('black dog')])]],
    ['"black dog" tavern', [group([phrase('black dog'), words('tavern', 'all')])]],
    ['"unclosed end', [group([phrase('unclosed end')])]],
    ['dog or cat OR owl', [group([words('dog')]), group([words('cat')]), group([words('owl')])]],
    ['dog -cat -"old owl"', [group([words('dog')], [phrase('cat'), phrase('old owl')])]],
    ['-cat', [group([], [phrase('cat')])]],
    ['or or', undefined],
    ['- -- ""', undefined],
  ])('is read as PostgreSQL reads it: %s', (text, should) => {
    expect(wordsQuery(text, ['words'])).toEqual(should && any(should));
  });

  it('is refused by every field', () => {
    const { bool } = wordsQuery('-cat', ['a', 'b']) as {
      bool: { should: [{ bool: { must_not: object[] } }] };
    };
    expect(bool.should[0].bool.must_not).toHaveLength(2);
  });

  it.each([
    ['dog -cat -"old owl"', '"cat" or "old owl"'],
    ['dog -cat or owl', ''],
    ['dog', ''],
  ])('says what must not be there: %s', (text, refused) => {
    expect(refusedWords(text)).toBe(refused);
  });

  it('may be any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const groups = searchGroups(text);
        expect(wordsQuery(text, ['a', 'b']) === undefined).toBe(groups.length === 0);
        expect(groups.flat().every((part) => text.includes(part.text))).toBe(true);
      }),
    );
  });
});
