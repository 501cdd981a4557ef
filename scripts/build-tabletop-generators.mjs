// Makes seeds/tabletop/generators/{names,srd}.json from the folder with the name bases and the System Reference Document:
//   node scripts/build-tabletop-generators.mjs <folder>
// Names are not copied: a culture becomes the syllables that stand in two of its names at least, by their place in the word.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: build-tabletop-generators.mjs <folder>');
const target = new URL('../seeds/tabletop/generators/', import.meta.url);
const read = (path) => JSON.parse(gunzipSync(readFileSync(join(folder, path))).toString());
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

const SYLLABLE = /[^aeiouy]*[aeiouy]+(?:[^aeiouy]+$|[^aeiouy](?=[^aeiouy]))?/g;
/** Below it syllables that stand in one name are kept too: a start and an end never come from the same one on purpose. */
const LARGE_BASE = 130;
/** Words of English stuck together, and words of one syllable: there is nothing to learn from them. */
const LEFT_OUT = new Set(['Human Generic', 'Vietnamese']);
const MOST = { start: 90, middle: 50, end: 90 };

function syllablesOf(name) {
  const letters = name
    .normalize('NFD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z]/g, '');
  return letters.match(SYLLABLE) ?? [];
}

function cultureOf({ culture, names }) {
  const least = names.length < LARGE_BASE ? 1 : 2;
  const places = { start: new Map(), middle: new Map(), end: new Map() };
  const all = new Map();
  const add = (map, key) => map.set(key, (map.get(key) ?? 0) + 1);
  const words = names.flatMap((name) => name.split(/[\s-]+/)).map(syllablesOf);
  for (const syllables of words) {
    if (syllables.length < 2 || syllables.length > 5) continue;
    for (const syllable of new Set(syllables)) add(all, syllable);
    for (const [index, syllable] of syllables.entries())
      add(places[index === 0 ? 'start' : index === syllables.length - 1 ? 'end' : 'middle'], syllable);
  }
  const kept = (place) =>
    [...places[place]]
      .filter(([syllable]) => all.get(syllable) >= least && syllable.length <= 6)
      .sort(([a, x], [b, y]) => y - x || byText(a, b))
      .slice(0, MOST[place])
      .map(([syllable]) => syllable)
      .sort(byText)
      .join(' ');
  const id = culture.toLowerCase().replaceAll(' ', '-').replace('castillian', 'castilian');
  return [id, { start: kept('start'), middle: kept('middle'), end: kept('end') }];
}

writeFileSync(
  new URL('names.json', target),
  `${JSON.stringify(
    {
      notice:
        "Syllables by culture, derived from the name bases of Azgaar's Fantasy Map Generator (MIT, Copyright 2017-2024 Max Haniyeu (Azgaar)); see ../SOURCES.md.",
      cultures: Object.fromEntries(
        read('names/azgaar-name-bases.json.gz')
          .filter(({ culture }) => !LEFT_OUT.has(culture))
          .map(cultureOf)
          .sort(([a], [b]) => byText(a, b)),
      ),
    },
    null,
    1,
  )}\n`,
);

const fieldsOf = (file) => read(`open5e-srd-2014/${file}.json.gz`).map(({ fields }) => fields);
const byName = (a, b) => byText(a[0], b[0]);
const NO_GOODS = /vehicle|^(wand|rod|ring|staff)$/;
const items = fieldsOf('Item')
  .filter(
    ({ cost, category, name }) => Number(cost) > 0 && !NO_GOODS.test(category) && !/ piece$/i.test(name),
  )
  .map(({ name, cost, category }) => [name, Number(cost), category])
  .sort(byName);
const creatures = fieldsOf('Creature')
  .map(({ name, challenge_rating, type, size, environments }) => [
    name,
    Number(challenge_rating),
    type,
    size,
    environments
      .filter((each) => !/_|shadowfell/.test(each))
      .sort(byText)
      .join(' '),
  ])
  .sort(byName);
const magicItems = fieldsOf('MagicItem')
  .filter(({ rarity }) => rarity !== 'artifact')
  .map(({ name, rarity, category }) => [name, rarity, category])
  .sort(byName);
writeFileSync(
  new URL('srd.json', target),
  `{\n${[
    [
      'notice',
      'This work includes material from the System Reference Document 5.1 and 5.2 by Wizards of the Coast LLC, licensed under the Creative Commons Attribution 4.0 International License (https://creativecommons.org/licenses/by/4.0/legalcode). Changes: names and figures alone, as columns.',
    ],
    ['items', items],
    ['creatures', creatures],
    ['magicItems', magicItems],
  ]
    .map(([key, value]) =>
      Array.isArray(value)
        ? `"${key}": [\n${value.map((row) => JSON.stringify(row)).join(',\n')}\n]`
        : `"${key}": ${JSON.stringify(value)}`,
    )
    .join(',\n')}\n}\n`,
);
