import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { letterCodes, letterOf } from './letter-codes.js';
import { gramWeights } from './name-grams.js';
import { NameIndex, NameIndexBuilder, type NamedThing, type NameViewer } from './name-index.js';
import { NameLikeness, nameStatistics, toCompared } from './name-likeness.js';
import type { NameModel } from './name-lookup.js';
import type { Pronunciations } from './pronounce.js';
import { supposedChannel } from './sound-channel.js';

const dictionary: Pronunciations = { find: () => undefined };
const compared = (text: string) => toCompared(text, dictionary);
const SYLLABLES = [
  'ul',
  'ssin',
  'gloom',
  'burn',
  'kha',
  'zir',
  'moon',
  'well',
  'bar',
  'zag',
  'thor',
  'ei',
  'na',
  'qu',
];
const statistics = nameStatistics(SYLLABLES.map(compared));
const model: NameModel = { channel: supposedChannel(), statistics, weights: gramWeights(statistics) };
const MASTER: NameViewer = { userId: 'gm', isMaster: true, granted: [] };

const syllables = fc.array(fc.constantFrom(...SYLLABLES), { minLength: 1, maxLength: 4 });
const names = fc
  .array(syllables, { minLength: 1, maxLength: 2 })
  .map((words) => words.map((word) => word.join('')).join(' '));
const things = fc
  .array(
    fc.record({
      names: fc.array(names, { minLength: 1, maxLength: 3 }),
      isForParty: fc.boolean(),
      seenBy: fc.subarray(['ada', 'bo']),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((all) => all.map((thing, at) => ({ ...thing, id: `id-${String(at).padStart(3, '0')}` })));
const portions = fc.array(
  fc
    .uniqueArray(fc.tuple(fc.nat(29), fc.array(names, { maxLength: 2 })), {
      selector: ([at]) => at,
      maxLength: 8,
    })
    .map((all) =>
      all.map(([at, called]) => ({
        id: `id-${String(at).padStart(3, '0')}`,
        names: called,
        isForParty: true,
        seenBy: [] as string[],
      })),
    ),
  { maxLength: 6 },
);
type Drawn = { id: string; names: string[]; isForParty: boolean; seenBy: string[] };

const toThing = (thing: Drawn): NamedThing => ({ ...thing, names: thing.names.map(compared) });

function indexOf(all: readonly Drawn[]): NameIndex {
  const builder = new NameIndexBuilder();
  for (const thing of all) builder.add(toThing(thing));
  return ended(builder.build(model));
}

function ended<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

const shown = (index: NameIndex, text: string, viewer: NameViewer) =>
  index
    .find(compared(text), viewer)
    .map(({ id, likeness }) => [id, Number(likeness.toFixed(9))] as const)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
const visible = (all: readonly Drawn[], viewer: NameViewer): Drawn[] =>
  all.filter(
    ({ id, isForParty, seenBy }) =>
      viewer.isMaster || isForParty || seenBy.includes(viewer.userId) || viewer.granted.includes(id),
  );

describe('an index of names', () => {
  it('says of what it finds what comparing one by one says, and finds what is spelt right first', () => {
    fc.assert(
      fc.property(things, names, (all, text) => {
        const likeness = new NameLikeness(model.channel, model.statistics, compared(text));
        const valuesOf = (thing: Drawn): number[] => thing.names.map((name) => likeness.of(compared(name)));
        for (const { id, likeness: value } of indexOf(all).find(compared(text), MASTER))
          expect(valuesOf(all.find((thing) => thing.id === id)!)).toContainEqual(expect.closeTo(value, 6));
        const exact = all[0]!.names[0]!;
        const [first] = shown(indexOf(all), exact, MASTER);
        const bare = (name: string): string => name.replaceAll(' ', '');
        expect(all.find(({ id }) => id === first![0])!.names.map(bare)).toContain(bare(exact));
      }),
      { numRuns: 60 },
    );
  });

  it('answers somebody as an index would that holds nothing but what they see', () => {
    fc.assert(
      fc.property(
        things,
        names,
        fc.constantFrom('ada', 'bo', 'cy'),
        fc.boolean(),
        (all, text, userId, isLent) => {
          const viewer = { userId, isMaster: false, granted: isLent ? ['id-000', 'id-007'] : [] };
          const whole = indexOf(all);
          const part = indexOf(visible(all, viewer));
          expect(shown(whole, text, viewer)).toEqual(shown(part, text, viewer));
          const prefix = letterCodes(text.slice(0, 2).trim());
          expect(whole.startingWith(prefix, viewer, 5)).toEqual(part.startingWith(prefix, viewer, 5));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('says after changes what one says that was made after them, and during them what it said before', () => {
    fc.assert(
      fc.property(things, portions, names, (before, changes, text) => {
        const index = indexOf(before);
        const now = new Map(before.map((thing) => [thing.id, thing]));
        for (const portion of changes) {
          const said = shown(index, text, MASTER);
          for (const _step of index.apply(portion.map(toThing)))
            expect(shown(index, text, MASTER)).toEqual(said);
          for (const thing of portion) now.set(thing.id, thing);
        }
        const after = [...now.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
        expect(shown(index, text, MASTER)).toEqual(shown(indexOf(after), text, MASTER));
      }),
      { numRuns: 20 },
    );
  });

  it('sorts changes in again as often as their number doubles, and counts names', () => {
    const index = indexOf([]);
    let steps = 0;
    for (let at = 0; at < 1_000; at += 1) {
      const thing = { id: `id-${at}`, names: ['Khazir', 'Ulssin'], isForParty: true, seenBy: [] };
      for (const _step of index.apply([toThing(thing)])) steps += 1;
    }
    expect(steps).toBeLessThanOrEqual(1_000 * 11);
    expect(index.nameCount).toBe(2_000);
  });

  it('finds a name by one of its words, and by how it begins', () => {
    const index = indexOf([
      { id: 'a', names: ['Ulssin Gloomburn'], isForParty: true, seenBy: [] },
      { id: 'b', names: ['Khazir'], isForParty: true, seenBy: [] },
      { id: 'c', names: ['Гром'], isForParty: true, seenBy: [] },
    ]);
    expect(index.find(compared('glumbern'), MASTER)[0]!.id).toBe('a');
    expect(index.find(compared('громм'), MASTER)[0]!.id).toBe('c');
    const prefix = (text: string) =>
      index.startingWith(compared(text).letters, MASTER, 9).map(({ id }) => id);
    expect(prefix('gloo')).toEqual(['a']);
    expect(prefix('KHA')).toEqual(['b']);
    expect(prefix('ssin')).toEqual([]);
    expect(prefix('')).toEqual([]);
    expect(index.find(compared('...'), MASTER)).toEqual([]);
  });

  it('compares no more than it must, however many resemble the text', () => {
    const all = Array.from({ length: 3_000 }, (_, at) => ({
      id: `id-${String(at).padStart(4, '0')}`,
      names: [`Ulssin Gloomburn ${at}`],
      isForParty: true,
      seenBy: [],
    }));
    const found = indexOf(all).find(compared('ulsin gloomburn 7'), MASTER, 100);
    expect(found.length).toBeGreaterThanOrEqual(100);
    expect(found.length).toBeLessThan(3_000);
    expect([...found[0]!.letters.map(letterOf)]).toEqual([...letterCodes('ulssingloomburn7')]);
  });

  it('takes a thing to be made anew once much has changed', () => {
    const index = indexOf([{ id: 'a', names: ['Khazir'], isForParty: true, seenBy: [] }]);
    expect(index.isWorn).toBe(false);
    const gone = Array.from({ length: 2_001 }, (_, at) => ({
      id: `x${at}`,
      names: [],
      isForParty: true,
      seenBy: [],
    }));
    ended(index.apply(gone));
    expect(index.isWorn).toBe(true);
  });
});
