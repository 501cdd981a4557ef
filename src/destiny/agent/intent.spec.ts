import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shippedCatalog } from '../catalysts/catalog.reader.js';
import { COMMON_WORDS, type Intent, type IntentKind, INTENTS, readIntent } from './intent.js';
import { NameIndex } from './name-index.js';
import { planCalls } from './plan-calls.js';

const { catalysts } = shippedCatalog();
const names = new NameIndex(catalysts, COMMON_WORDS);
const read = (words: string): Intent => readIntent(words, names);

const WORDS: readonly (readonly [string, IntentKind, (string | undefined)?, Partial<Intent['filters']>?])[] =
  [
    ['how far is Outbreak Perfected?', 'progress', 'Outbreak Perfected'],
    ['sunshot', 'progress', 'Sunshot'],
    ["what's my progress on The Jade Rabbit", 'progress', 'The Jade Rabbit'],
    ['jade rabbit catalyst', 'progress', 'The Jade Rabbit'],
    ['how is jotunn going', 'progress', 'Jötunn'],
    ['status of wish ender', 'progress', 'Wish-Ender'],
    ['do I have the acrius catalyst?', 'progress', 'Legend of Acrius'],
    ['Is MIDA multi tool done?', 'progress', 'MIDA Multi-Tool'],
    ['show my catalysts', 'progress'],
    ['which catalysts are in progress', 'progress', undefined, { state: 'in_progress' }],
    ['list completed solar catalysts', 'progress', undefined, { state: 'complete', element: 'solar' }],
    ['unfinished void catalysts', 'progress', undefined, { state: 'in_progress', element: 'void' }],
    ['which catalysts am I missing?', 'missing', undefined, { state: 'not_found' }],
    ["catalysts I don't have", 'missing', undefined, { state: 'not_found' }],
    [
      'missing arc hand cannon catalysts',
      'missing',
      undefined,
      { element: 'arc', weaponType: 'Hand Cannon' },
    ],
    ['which heavy exotics have I not found', 'missing', undefined, { slot: 'power' }],
    ['what should I do next?', 'next'],
    ['I have 45 minutes, what can I finish', 'next'],
    ['plan my evening', 'next'],
    ['what to work on in the crucible', 'next'],
    ['recommend a catalyst', 'next'],
    ['which catalyst is closest to done?', 'nearest'],
    ['nearly finished catalysts', 'nearest'],
    ['furthest solar catalyst', 'nearest', undefined, { element: 'solar' }],
    ['how has Sunshot progressed over time', 'history', 'Sunshot'],
    ['history of Riskrunner', 'history', 'Riskrunner'],
    ['riskruner progress last week', 'history', 'Riskrunner'],
    ['how long until Sunshot is done?', 'eta', 'Sunshot'],
    ['eta for Graviton Lance', 'eta', 'Graviton Lance'],
    ['when will I finish sweet buisness', 'eta', 'Sweet Business'],
    ['how many days left for polaris lance', 'eta', 'Polaris Lance'],
    ['how many catalysts have I completed', 'count', undefined, { state: 'complete' }],
    ['how many hand cannons do I have?', 'count', undefined, { weaponType: 'Hand Cannon' }],
    ['count my solar smgs', 'count', undefined, { weaponType: 'Submachine Gun', element: 'solar' }],
    ['number of weapons per element', 'count'],
    ['how many energy weapons are in my vault', 'count', undefined, { slot: 'energy' }],
    ['how good is my Fatebringer roll?', 'roll'],
    ['should I keep my Palindrome', 'roll'],
    ['rate my hung jury', 'roll'],
    ['perks on my Austringer', 'roll'],
    ['god roll for Fatebringer', 'god_roll'],
    ['what is the best roll of The Palindrome', 'god_roll'],
    ['wish list rolls of Funnelweb', 'god_roll'],
    ['what does the tier list say about Funnelweb', 'sheet'],
    ['show the sheet', 'sheet'],
    ['best in slot for strikes', 'sheet'],
    ['give me an overview', 'summary'],
    ['catalyst summary', 'summary'],
    ['how am I doing overall', 'summary'],
    ['how old is my data?', 'age'],
    ['refresh', 'age'],
    ['is this up to date', 'age'],
    ['when was my profile last updated', 'age'],
    ['help', 'help'],
    ['hello', 'help'],
    ['what can you do?', 'help'],
    ['xyzzy', 'help'],
    ['show my weapons', 'weapons'],
    ['shotguns in my vault', 'weapons', undefined, { weaponType: 'Shotgun' }],
    ['what is Rampage', 'lookup'],
    ['what does Kill Clip do', 'lookup'],
  ];

describe('what is meant', () => {
  const rows = WORDS.map(([words, kind, weapon, filters = {}]) => ({ words, kind, weapon, filters }));
  it.each(rows)('$words', ({ words, kind, weapon, filters }) => {
    const intent = read(words);
    expect([intent.kind, intent.weapon?.weaponName]).toEqual([kind, weapon]);
    expect(intent.filters).toMatchObject(filters);
  });

  it('has an example of every intent', () => {
    expect(new Set(WORDS.map(([, kind]) => kind))).toEqual(new Set(INTENTS));
  });

  it('hears how much time there is, and where', () => {
    expect(read('I have 45 minutes for the crucible, what next')).toMatchObject({
      minutes: 45,
      activity: 'crucible',
    });
    expect(read('I have half an hour, what should I play').minutes).toBe(30);
    expect(read('I have 2 hours tonight').minutes).toBe(120);
  });
});

describe('names', () => {
  const anyName = fc.constantFrom(...catalysts);

  it('are found in any sentence about them, however they are written', () => {
    const spelled = fc.constantFrom(
      (name: string) => name,
      (name: string) => name.toUpperCase(),
      (name: string) => name.toLowerCase(),
      (name: string) => name.normalize('NFD').replace(/\p{Mark}/gu, ''),
      (name: string) => `${name} Catalyst`,
      (name: string) => name.replace(/^The /, ''),
      (name: string) => name.replace(/['’-]/g, (sign) => (sign === '-' ? ' ' : '')),
    );
    const around = fc.constantFrom(
      ['how far is ', '?'],
      ['progress of ', ' please'],
      ['', ''],
      ['eta for ', ''],
    );
    fc.assert(
      fc.property(anyName, spelled, around, (named, spell, [before, after]) => {
        expect(read(`${before}${spell(named.weaponName)}${after}`).weapon?.recordHash).toBe(named.recordHash);
      }),
    );
  });

  it('are found with one letter wrong where they are long enough', () => {
    const long = fc.constantFrom(...catalysts.filter(({ weaponName }) => /^[A-Za-z ]{9,}$/.test(weaponName)));
    fc.assert(
      fc.property(long, fc.nat(), fc.constantFrom('drop', 'swap', 'double'), (named, at, how) => {
        const key = named.weaponName.replace(/^The /, '').toLowerCase();
        const place = 1 + (at % (key.length - 2));
        if (key[place] === ' ' || key[place + 1] === ' ') return;
        const [head, one, two, tail] = [
          key.slice(0, place),
          key[place]!,
          key[place + 1]!,
          key.slice(place + 2),
        ];
        const wrong = {
          drop: head + two + tail,
          swap: head + two + one + tail,
          double: head + one + one + two + tail,
        };
        expect(read(wrong[how]).weapon?.recordHash).toBe(named.recordHash);
      }),
    );
  });

  it('are not found where nobody has said one', () => {
    for (const words of WORDS.filter(([, , weapon]) => weapon === undefined))
      expect(read(words[0]).weapon).toBeNull();
  });
});

describe('any text', () => {
  it('has one intent, whose calls name tools and take filters that were said', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (words) => {
        const intent = read(words);
        expect(INTENTS).toContain(intent.kind);
        for (const { input } of planCalls(intent)) expect(Object.values(input)).not.toContain(null);
      }),
    );
  });

  it('is read the same twice', () => {
    fc.assert(fc.property(fc.string(), (words) => expect(read(words)).toEqual(read(words))));
  });
});
