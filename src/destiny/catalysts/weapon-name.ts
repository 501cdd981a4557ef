// Bungie writes one weapon's name in several ways: "The Jade Rabbit" is the weapon of the record "Jade Rabbit Catalyst", and players
// type "jotunn" for "Jötunn". Names are compared by this key alone.

const ARTICLE = /^the /;
const CATALYST = / catalyst$/;
const MARKS = /\p{Mark}/gu;
const APOSTROPHES = /['’ʼ`´]/g;
const NOT_LETTERS = /[^\p{Letter}\p{Number}+]+/gu;

/** Lower case, no accents, no punctuation, words parted by one blank. For searching inside names. */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(MARKS, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replace(APOSTROPHES, '')
    .replace(NOT_LETTERS, ' ')
    .trim();
}

/** The folded name without the leading article and without the word "Catalyst" at its end. Empty for a name without letters. */
export function weaponNameKey(name: string): string {
  return foldText(name).replace(CATALYST, '').replace(ARTICLE, '');
}
