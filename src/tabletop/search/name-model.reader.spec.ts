import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  AFTER_THE_RULES,
  BESIDE_THE_RULES,
  KNOWN_TO_THE_RULES,
  type SpokenLanguage,
} from '../../../test/support/names-by-ear.js';
import { type ComparedName, NameLikeness } from '../names/name-likeness.js';
import { phoneOf, phonesOf } from '../names/phones.js';
import { HeardLikeness } from '../names/sound-channel.js';
import { type NameEar, NameModelReader } from './name-model.reader.js';

const reader = new NameModelReader();
const LANGUAGES = Object.keys(KNOWN_TO_THE_RULES) as SpokenLanguage[];
const LISTS = [KNOWN_TO_THE_RULES, BESIDE_THE_RULES, AFTER_THE_RULES];
const NAMES = [
  ...new Set(LISTS.flatMap((list) => LANGUAGES.flatMap((language) => list[language].map(([name]) => name)))),
];

/** How many are found first among the names of all languages. */
function foundFirst(
  ear: NameEar,
  pairs: readonly (readonly [string, string])[],
  isBySoundAlone: boolean,
): number {
  const { model } = ear;
  const names = NAMES.map((name) => ({ name, compared: ear.compared(name) }));
  return pairs.filter(([meant, written]) => {
    const text = ear.compared(written);
    const likeness = new NameLikeness(model.channel, model.statistics, text);
    const heard = new HeardLikeness(model.channel, text.phones);
    const of = (name: ComparedName): number =>
      isBySoundAlone ? heard.of(name.phones, 0, name.phones.length) : likeness.of(name);
    const scores = names.map(({ compared }) => of(compared));
    return names[scores.indexOf(Math.max(...scores))]!.name === meant;
  }).length;
}

describe('the names of a campaign of the language', () => {
  let english: NameEar;
  beforeAll(async () => void (english = await reader.read()));

  it.each(LANGUAGES)('%s are found by how they sound', async (language) => {
    const own = await reader.read(language);
    const known = [...KNOWN_TO_THE_RULES[language], ...BESIDE_THE_RULES[language]];
    const after = AFTER_THE_RULES[language];
    expect(foundFirst(own, known, false)).toBeGreaterThanOrEqual(0.95 * known.length);
    expect(foundFirst(own, after, false)).toBeGreaterThanOrEqual(0.95 * after.length);
    expect(foundFirst(own, after, true)).toBeGreaterThanOrEqual(foundFirst(english, after, true));
  });

  it('en, of none and of no campaign are read as ever, by the dictionary too', async () => {
    for (const language of ['en', 'simple', null] as const) expect(await reader.read(language)).toBe(english);
    expect([...english.compared("I'll send").phones].map(phoneOf)).toEqual(phonesOf('AY L S EH N D'));
    const german = await reader.read('de');
    expect(german.model).toBe(english.model);
    expect(german.compared('Schnörkel')).toEqual({
      letters: english.compared('Schnörkel').letters,
      phones: german.compared('schnoerkel').phones,
    });
  });
});
