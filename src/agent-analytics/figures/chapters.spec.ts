import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byChapter, chapterName, chapterOf } from './chapters.js';
import { categoryOf, COMPAT_CATEGORIES, CUPID_NAMES } from './story-names.js';

const tags = fc.array(
  fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.nat(9).map((number) => `chapter_${number}`),
    fc.constantFrom('cupid', 'chapter_x', 'chapter_', 'chapter_-1', 'chapter_1e3', 'chapter_99999999'),
  ),
  { maxLength: 6 },
);

describe('the chapter of a trace', () => {
  it('is its first tag with the prefix, whatever stands around it', () => {
    fc.assert(
      fc.property(tags, fc.nat(20), tags, (before, number, after) => {
        const others = before.filter((tag) => !tag.startsWith('chapter_'));
        expect(chapterOf([...others, `chapter_${number}`, ...after], CUPID_NAMES)).toEqual({
          tag: `chapter_${number}`,
          number,
        });
        expect(chapterOf(others, CUPID_NAMES)).toBeNull();
      }),
    );
  });

  it.each(['chapter_x', 'chapter_', 'chapter_-1', 'chapter_1e3', 'chapter_99999999', 'chapter_1 '])(
    '%s has no number and is shown as it is',
    (tag) => {
      const chapter = chapterOf([tag], CUPID_NAMES)!;
      expect(chapter.number).toBeNull();
      expect(chapterName(chapter, CUPID_NAMES)).toBe(tag);
    },
  );

  it('has the name of the story, or its number where the story has no name for it', () => {
    const nameOf = (number: number): string => chapterName({ tag: '', number }, CUPID_NAMES);
    expect([0, 1, 2, 3, 4, 5, 6, 7].map(nameOf)).toEqual([
      ...['Introduction', 'Mortal', 'Match', 'Compatibility', 'Story', 'Evaluation', 'End'],
      'Chapter 7',
    ]);
  });

  it('has its place by number, and those without one come last: a total order', () => {
    const chapters = tags.map((given) => given.flatMap((tag) => chapterOf([tag], CUPID_NAMES) ?? []));
    fc.assert(
      fc.property(chapters, (given) => {
        const sorted = [...given].sort(byChapter);
        expect([...given].reverse().sort(byChapter)).toEqual(sorted);
        const numbers = sorted.map(({ number }) => number ?? Infinity);
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      }),
    );
  });
});

describe('the category of an agent', () => {
  it('is unknown for who is not named, also where every object has such a name', () => {
    for (const name of ['CupidGame', 'constructor', '__proto__', 'toString', ''])
      expect(categoryOf(CUPID_NAMES.categories, name)).toBe('unknown');
  });

  it('of the dashboard is one that its page knows', () => {
    const known = new Set(Object.values(COMPAT_CATEGORIES));
    expect([...known].sort()).toEqual(['content', 'meta', 'routing', 'ui']);
  });
});
