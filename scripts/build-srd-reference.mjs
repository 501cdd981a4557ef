// Rebuilds seeds/tabletop/srd-reference.json.gz from a folder with the records of open5e-api (see seeds/tabletop/SOURCES.md):
//
//   node scripts/build-srd-reference.mjs <folder with lexicon.json.gz and open5e-srd-*> [output file]
//
// A card says in a few lines what a group looks up at the table: the figures as facts, and the beginning of the text. Equal input gives
// equal bytes, and nothing is written unless every check holds.
import { join } from 'node:path';
import { stdout } from 'node:process';
import { check, checkName, readJson, runBuild, writeSeed } from './seed-file.mjs';

const FORMAT = 'guildhall-srd-reference/1';
const EDITIONS = ['srd-2014', 'srd-2024'];
const EXPECTED_TERMS = 2_749;
const MOST_TEXT = 480;
/** A term that each class or species has anew is told for so many of them. */
const MOST_CARDS = 8;
const NOTICE =
  'Facts and shortened texts of the System Reference Documents 5.1 and 5.2. Provenance and changes: seeds/tabletop/SOURCES.md';
const ATTRIBUTION =
  'This work includes material from the System Reference Document 5.1 and 5.2 by Wizards of the Coast LLC, licensed under the ' +
  'Creative Commons Attribution 4.0 International License (https://creativecommons.org/licenses/by/4.0/legalcode). Texts are shortened.';

/** Where the records of a category lie, the more telling file first. */
const FILES = {
  armor: ['Armor'],
  background: ['Background'],
  class: ['CharacterClass'],
  'class-feature': ['ClassFeature'],
  condition: ['ConditionDescription'],
  'creature-type': ['CreatureTypeDescription'],
  'damage-type': ['DamageTypeDescription'],
  equipment: ['Item'],
  feat: ['Feat'],
  'magic-item': ['MagicItem'],
  monster: ['Creature'],
  rule: ['Rule'],
  skill: ['SkillDescription'],
  species: ['Species'],
  'species-trait': ['SpeciesTrait'],
  spell: ['Spell'],
  weapon: ['Weapon'],
  'weapon-property': ['WeaponProperty'],
};

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const words = (text) => capital(String(text).replaceAll(/[-_]/g, ' '));
const list = (values) => values.map(words).join(', ');
const isThere = (value) => value !== null && value !== undefined && value !== '' && value !== 0;
/** "1.500" of the source is 1.5; a challenge rating of 0.125 is written 1/8. */
const number = (text) => String(Number(text));
const RATINGS = { 0.125: '1/8', 0.25: '1/4', 0.5: '1/2' };

function plain(markdown) {
  return markdown
    .split(/\r?\n/)
    .filter((line) => !/^\s*(\||#|Table:)/.test(line))
    .map((line) =>
      line
        .replaceAll(/\*+|_{2,}/g, '')
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replace(/^\s*[-•]\s+/, '')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '')
    .join(' ')
    .normalize('NFC');
}

/** Of what consists of a table alone: its rows, one after the other. */
function tableText(markdown) {
  return markdown
    .split(/\r?\n/)
    .filter((line) => line.startsWith('|') && !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .replaceAll(/^\||\|$/g, '')
        .split('|')
        .map(plain)
        .filter((cell) => cell !== ''),
    )
    .map((cells) => cells.join(' – '))
    .join('; ');
}

/** To the end of the last whole sentence that fits, or of the last word. */
function shortened(text) {
  if (text.length <= MOST_TEXT) return text;
  const cut = text.slice(0, MOST_TEXT - 1);
  const sentence = Math.max(cut.lastIndexOf('. '), cut.lastIndexOf('! '), cut.lastIndexOf('? '));
  if (sentence > MOST_TEXT / 2) return `${cut.slice(0, sentence + 1)} …`;
  return `${cut.slice(0, cut.lastIndexOf(' '))} …`;
}

const CASTING = { action: 'action', 'bonus-action': 'bonus action', reaction: 'reaction' };

function castingTime(text) {
  const match = /^(\d+)([a-z]+)$/.exec(text);
  if (match) return `${match[1]} ${match[2]}${match[1] === '1' ? '' : 's'}`;
  return CASTING[text] ?? text.replaceAll('-', ' ');
}

function speeds(creature) {
  const named = ['walk', 'fly', 'swim', 'climb', 'burrow'].filter((way) => isThere(creature[way]));
  return named.map((way) => `${way} ${number(creature[way])} ft.`).join(', ');
}

const ABILITIES = ['strength', 'dexterity', 'constitution', 'intelligence', 'wisdom', 'charisma'];

const FACTS = {
  spell: (spell) => [
    spell.level === 0
      ? `${words(spell.school)} cantrip`
      : `Level ${spell.level} ${spell.school}${spell.ritual ? ' (ritual)' : ''}`,
    `Casting time ${castingTime(spell.casting_time)}; range ${spell.range_text}; duration ${spell.concentration ? 'concentration, ' : ''}${spell.duration}`,
    `Components ${[spell.verbal && 'V', spell.somatic && 'S', spell.material && 'M'].filter(Boolean).join(', ')}${isThere(spell.material_specified) ? ` (${spell.material_specified.replace(/\.$/, '')})` : ''}`,
    ...(isThere(spell.saving_throw_ability) ? [`${words(spell.saving_throw_ability)} saving throw`] : []),
    ...(isThere(spell.damage_roll)
      ? [`Damage ${spell.damage_roll} ${spell.damage_types.join(', ')}`.trim()]
      : []),
  ],
  monster: (creature) => [
    `${words(creature.size)} ${creature.type}, ${creature.alignment}`,
    `AC ${creature.armor_class}; HP ${creature.hit_points} (${creature.hit_dice}); speed ${speeds(creature)}`,
    ABILITIES.map(
      (ability) => `${ability.slice(0, 3).toUpperCase()} ${creature[`ability_score_${ability}`]}`,
    ).join(' '),
    `Challenge ${RATINGS[Number(creature.challenge_rating)] ?? number(creature.challenge_rating)}${creature.passive_perception ? `; passive Perception ${creature.passive_perception}` : ''}`,
    ...['damage_vulnerabilities', 'damage_resistances', 'damage_immunities', 'condition_immunities']
      .filter((key) => creature[key].length > 0)
      .map((key) => `${words(key)}: ${creature[key].join(', ')}`),
    ...(isThere(creature.languages_desc) ? [`Languages ${creature.languages_desc}`] : []),
  ],
  armor: (armor) => [
    `AC ${armor.ac_base}${armor.ac_add_dexmod ? ` + Dex modifier${isThere(armor.ac_cap_dexmod) ? ` (at most ${armor.ac_cap_dexmod})` : ''}` : ''}`,
    ...(isThere(armor.strength_score_required) ? [`Strength ${armor.strength_score_required} needed`] : []),
    ...(armor.grants_stealth_disadvantage ? ['Disadvantage on Stealth'] : []),
  ],
  weapon: (weapon) => [
    `${weapon.is_simple ? 'Simple' : 'Martial'} weapon; ${weapon.damage_dice} ${weapon.damage_type}`,
    ...(isThere(weapon.range) ? [`Range ${number(weapon.range)}/${number(weapon.long_range)} ft.`] : []),
  ],
  equipment: (item) => [
    words(item.category),
    ...(Number(item.cost) > 0 ? [`Costs ${number(item.cost)} gp`] : []),
    ...(Number(item.weight) > 0 ? [`Weighs ${number(item.weight)} lb.`] : []),
    ...(isThere(item.armor_class) ? [`AC ${item.armor_class}`] : []),
  ],
  'magic-item': (item) => [
    `${words(item.category)}, ${words(item.rarity ?? 'rarity varies').toLowerCase()}${item.requires_attunement ? ' (requires attunement)' : ''}`,
  ],
  class: (one, nameOf) => [
    ...(isThere(one.subclass_of) ? [`Subclass of ${nameOf(one.subclass_of)}`] : []),
    ...(isThere(one.hit_dice) ? [`Hit die ${one.hit_dice.toLowerCase()}`] : []),
    ...(one.saving_throws.length > 0 ? [`Saving throws ${list(one.saving_throws)}`] : []),
  ],
  feat: (feat) => [
    ...(isThere(feat.type) ? [`${words(feat.type)} feat`] : []),
    ...(isThere(feat.prerequisite) ? [`Prerequisite: ${feat.prerequisite}`] : []),
  ],
};

/** The text of what has none of its own: of a feat, a background or a creature that of its parts. */
const PARTS = {
  feat: 'FeatBenefit',
  background: 'BackgroundBenefit',
  monster: 'CreatureTrait',
  species: 'SpeciesTrait',
};
/** What a card of several belongs to. */
const PARENTS = ['CharacterClass', 'Species'];

function readRecords(folder) {
  const names = [...new Set([...Object.values(FILES).flat(), ...Object.values(PARTS), ...PARENTS])];
  const records = new Map();
  for (const edition of EDITIONS)
    for (const name of names)
      for (const { pk, fields } of readJson(join(folder, `open5e-${edition}`), `${name}.json.gz`)) {
        records.set(`${edition}/${name}/${pk}`, fields);
        if (!isThere(fields.parent) || !Object.values(PARTS).includes(name)) continue;
        const siblings = `${edition}/${name}/of/${fields.parent}`;
        records.set(siblings, [...(records.get(siblings) ?? []), fields]);
      }
  return records;
}

function textOf(records, category, edition, pk, fields) {
  const own = plain(fields.desc ?? '');
  const parts =
    PARTS[category] === undefined ? [] : (records.get(`${edition}/${PARTS[category]}/of/${pk}`) ?? []);
  const told = parts
    .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map((part) => `${part.name}: ${plain(part.desc ?? '')}`);
  const text = [own, ...told].filter((one) => one !== '').join(' ');
  return shortened(text === '' ? tableText(fields.desc ?? '') : text);
}

function cardsOf(records, { term, category, refs }) {
  const seen = new Set();
  const cards = [];
  for (const { doc, pk } of refs) {
    const file = FILES[category].find((name) => records.has(`${doc}/${name}/${pk}`));
    check(file !== undefined, `${term} (${category}) has no record ${pk} in ${doc}`);
    const fields = records.get(`${doc}/${file}/${pk}`);
    const parent =
      fields.parent === undefined || fields.parent === null
        ? undefined
        : PARENTS.map((name) => records.get(`${doc}/${name}/${fields.parent}`)?.name).find(isThere);
    const nameOf = (key) => records.get(`${doc}/CharacterClass/${key}`).name;
    const facts = (FACTS[category]?.(fields, nameOf) ?? []).map((fact) =>
      fact.normalize('NFC').replaceAll(/\s+/g, ' ').trim(),
    );
    const card = [EDITIONS.indexOf(doc), parent ?? null, facts, textOf(records, category, doc, pk, fields)];
    const key = JSON.stringify(card);
    if (!seen.has(key)) cards.push(card);
    seen.add(key);
  }
  return cards.slice(0, MOST_CARDS);
}

function slugOf(category, term) {
  const kebab = term
    .normalize('NFKD')
    .replaceAll(/\p{M}|['’]/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `${category}-${kebab}`;
}

runBuild('build-srd-reference.mjs', '../tabletop/srd-reference.json.gz', (folder, output) => {
  const terms = readJson(folder, 'lexicon.json.gz');
  check(terms.length === EXPECTED_TERMS, `expected ${EXPECTED_TERMS} terms, found ${terms.length}`);
  const records = readRecords(folder);
  const bySlug = new Map();
  for (const one of terms) {
    const term = one.term.normalize('NFC').trim().replaceAll(/\s+/g, ' ');
    checkName(`${one.category} ${term}`, term);
    check(one.category in FILES, `${term} has the unknown category ${one.category}`);
    // The editions write some names differently ("Chain Mail", "Chain-Mail"): one term, as the newer one writes it.
    const slug = slugOf(one.category, term);
    const refs = [...(bySlug.get(slug)?.refs ?? []), ...one.refs];
    bySlug.set(slug, { term: capital(term), category: one.category, refs });
  }
  const entries = [...bySlug].map(([slug, one]) => [slug, one.term, one.category, cardsOf(records, one)]);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  const bytes = writeSeed(output, {
    format: FORMAT,
    notice: NOTICE,
    attribution: ATTRIBUTION,
    editions: EDITIONS,
    entries,
  });
  stdout.write(`${output}: ${entries.length} terms, ${bytes} bytes\n`);
});
