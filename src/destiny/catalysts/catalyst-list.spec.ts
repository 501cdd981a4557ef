import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { factsNamed, inProgress, inState } from '../../../test/support/destiny-entries.js';
import { shippedCatalog } from './catalog.reader.js';
import {
  CATALYST_SORTS,
  type CatalystEntry,
  type CatalystFilter,
  filterCatalysts,
  remainingOf,
  sortCatalysts,
  summarize,
} from './catalyst-list.js';
import { CATALYST_STATES } from './judge-catalyst.js';

const { catalysts } = shippedCatalog();
const names = (entries: readonly CatalystEntry[]): string[] => entries.map((each) => each.facts.weaponName);

const sunshot = inProgress(factsNamed('Sunshot'), [2, 250, 100]); // 83.3 %, 250 left
const wardcliff = inProgress(factsNamed('The Wardcliff Coil'), [2, 1]); // 50.1 %, 399 left
const jotunn = inProgress(factsNamed('Jötunn'), [125]); // 25 %, 375 left
const gjallarhorn = inState(factsNamed('Gjallarhorn'), 'complete');
const thorn = inState(factsNamed('Thorn'), 'not_found');
const arbalest = inState(factsNamed('Arbalest'), 'unavailable', 40);
const truth = inState(factsNamed('Truth'), 'unknown');
const all = [sunshot, wardcliff, jotunn, gjallarhorn, thorn, arbalest, truth];

describe('filters', () => {
  const cases: [string, CatalystFilter, string[]][] = [
    ['nothing', {}, names(all)],
    ['a state', { states: ['complete'] }, ['Gjallarhorn']],
    ['incomplete', { states: ['incomplete'] }, ['Sunshot', 'The Wardcliff Coil', 'Jötunn']],
    ['missing or unavailable', { states: ['missing', 'unavailable'] }, ['Thorn', 'Arbalest']],
    [
      'type, as it is written',
      { weaponTypes: ['Rocket Launcher'] },
      ['The Wardcliff Coil', 'Gjallarhorn', 'Truth'],
    ],
    ['type, as a path has it', { weaponTypes: ['linear_fusion_rifle'] }, ['Arbalest']],
    ['element', { elements: ['solar'], states: ['complete'] }, ['Gjallarhorn']],
    ['slot', { slots: ['power'], states: ['complete'] }, ['Gjallarhorn']],
    ['activity', { activities: ['exotic_perk'] }, ['Sunshot']],
    ['least percent', { minPct: 50 }, ['Sunshot', 'The Wardcliff Coil', 'Gjallarhorn']],
    ['most percent', { maxPct: 30 }, ['Jötunn', 'Thorn']],
    ['near completion', { isNearCompletion: true }, ['Sunshot']],
    ['season', { season: 15 }, ['Gjallarhorn']],
    ['a name without its accents', { q: 'jotunn' }, ['Jötunn']],
    ['words in any order', { q: 'COIL ward' }, ['The Wardcliff Coil']],
    ['words that are nowhere', { q: 'coil thorn' }, []],
    ['blanks', { q: '  ' }, names(all)],
  ];
  it.each(cases)('by %s', (_, filter, expected) => {
    expect(names(filterCatalysts(all, filter))).toEqual(expected);
  });

  it('by precision finds MIDA Multi-Tool too, whose place is the Crucible', () => {
    const entries = catalysts.map((facts) => inState(facts, 'not_found'));
    const precise = names(filterCatalysts(entries, { activities: ['precision'] }));
    expect(precise).toEqual(['Crimson', 'D.A.R.C.I.', 'MIDA Multi-Tool', 'Outbreak Perfected']);
  });
});

describe('orders', () => {
  it.each([
    ['pct', ['Gjallarhorn', 'Sunshot', 'The Wardcliff Coil', 'Arbalest', 'Jötunn', 'Thorn', 'Truth']],
    ['name', ['Arbalest', 'Gjallarhorn', 'Jötunn', 'Sunshot', 'Thorn', 'Truth', 'The Wardcliff Coil']],
    ['remaining', ['Sunshot', 'Jötunn', 'The Wardcliff Coil', 'Arbalest', 'Thorn', 'Gjallarhorn', 'Truth']],
    ['season', ['Gjallarhorn', 'Truth', 'Arbalest', 'Thorn', 'Jötunn', 'Sunshot', 'The Wardcliff Coil']],
  ] as const)('by %s', (sort, expected) => {
    expect(names(sortCatalysts(all, sort))).toEqual(expected);
  });

  it('what remains leaves out the insertion and what runs past its target', () => {
    expect(remainingOf(sunshot)).toBe(250);
    expect(remainingOf(thorn)).toBe(700); // of the catalog
    expect(remainingOf(gjallarhorn)).toBeNull();
    expect(remainingOf(truth)).toBeNull(); // no source knows its objectives
  });
});

describe('properties', () => {
  const entries = fc
    .uniqueArray(fc.nat(catalysts.length - 1))
    .chain((picked) =>
      fc.tuple(
        ...picked.map((index) =>
          fc
            .tuple(fc.constantFrom(...CATALYST_STATES), fc.integer({ min: 0, max: 99 }))
            .map(([state, pct]) => inState(catalysts[index]!, state, pct)),
        ),
      ),
    );

  it('an order neither loses nor adds, and does not depend on the order before', () => {
    fc.assert(
      fc.property(entries, fc.constantFrom(...CATALYST_SORTS), (given, sort) => {
        const sorted = sortCatalysts(given, sort);
        expect(new Set(sorted)).toEqual(new Set(given));
        expect(sortCatalysts([...given].reverse(), sort)).toEqual(sorted);
      }),
    );
  });

  it('totals add up over states, slots, elements and types', () => {
    fc.assert(
      fc.property(entries, (given) => {
        const summary = summarize(given);
        const { total, complete, inProgress: open, notFound, unavailable, hidden, unknown } = summary;
        expect(total).toBe(given.length);
        expect(complete + open + notFound + unavailable + hidden + unknown).toBe(total);
        expect(summary.found).toBe(complete + open);
        for (const groups of [summary.bySlot, summary.byElement, summary.byWeaponType]) {
          for (const field of ['total', 'found', 'complete'] as const)
            expect(Object.values(groups).reduce((sum, group) => sum + group[field], 0)).toBe(summary[field]);
        }
      }),
    );
  });
});

it('a summary counts what is near and means what is known', () => {
  expect(summarize(all)).toMatchObject({ total: 7, found: 4, complete: 1, nearCompletion: 1, unknown: 1 });
  expect(summarize([truth]).meanPct).toBeNull();
  expect(summarize([gjallarhorn, thorn]).meanPct).toBe(50);
});
