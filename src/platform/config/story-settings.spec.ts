import { describe, expect, it } from '@jest/globals';
import { CUPID_NAMES, storyNames } from '../../agent-analytics/figures/story-names.js';
import { parseEnvironment } from './env.js';

const read = (names: object | string | undefined): ReturnType<typeof parseEnvironment>['storyNames'] =>
  parseEnvironment({
    NODE_ENV: 'test',
    ...(names !== undefined && { AGENT_NAMES: typeof names === 'string' ? names : JSON.stringify(names) }),
  }).storyNames;

describe('names of a game', () => {
  it('are the known ones without a setting', () => {
    expect(storyNames(read(undefined))).toEqual(CUPID_NAMES);
  });

  it('take the place of the known ones, and categories are added to them', () => {
    const names = storyNames(
      read({
        chapters: ['Prologue', 'Act'],
        completeFromChapter: 1,
        categories: { Judge: 'control', End: 'ui' },
      }),
    );
    expect(names).toEqual({
      ...CUPID_NAMES,
      chapters: ['Prologue', 'Act'],
      completeFromChapter: 1,
      categories: { ...CUPID_NAMES.categories, Judge: 'control', End: 'ui' },
      compatCategories: { ...CUPID_NAMES.compatCategories, Judge: 'content', End: 'ui' },
    });
  });

  it.each([
    ['no JSON', '{', 'AGENT_NAMES: must be a JSON object of names'],
    ['a list', [], 'expected object'],
    ['a category that there is not', { categories: { Judge: 'boss' } }, 'categories Judge'],
    ['a name that is none', { names: {} }, 'Unrecognized key'],
    ['no chapters', { chapters: [] }, 'chapters'],
  ])('are refused where they are %s', (_what, given, reason) => {
    expect(() => read(given)).toThrow(reason);
  });
});
