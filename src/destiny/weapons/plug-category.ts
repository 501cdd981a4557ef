import type { PlugCategory, SocketCategory } from './weapon-definition.js';

// Bungie names the kind of a plug by a dotted path, `v400.plugs.weapons.masterworks.stat.range`. Its words say the column; the paths
// themselves change with each expansion. Words that also stand in paths of something else (crafting, trackers, weapon mods that are
// called after a magazine) are looked at first.

const COLUMN_OF_WORD: Readonly<Record<string, PlugCategory>> = {
  intrinsics: 'intrinsic',
  barrels: 'barrel',
  tubes: 'barrel',
  bowstrings: 'barrel',
  blades: 'barrel',
  hafts: 'barrel',
  scopes: 'barrel',
  rails: 'barrel',
  magazines: 'magazine',
  batteries: 'magazine',
  guards: 'magazine',
  arrows: 'magazine',
  bolts: 'magazine',
  frames: 'trait',
  traits: 'trait',
  grips: 'trait',
  stocks: 'trait',
  origins: 'origin',
  masterworks: 'masterwork',
  masterwork: 'masterwork',
  catalysts: 'masterwork',
  shader: 'shader',
};

/** @param identifier `plug.plugCategoryIdentifier` of a definition */
export function plugCategoryOf(identifier: string): PlugCategory {
  const words = identifier.toLowerCase().split(/[._]/);
  if (words.includes('crafting') || words.includes('trackers') || words.includes('armor')) return 'other';
  if (words.includes('mod') && words.includes('weapon')) return 'mod';
  for (const word of words) {
    const column = Object.hasOwn(COLUMN_OF_WORD, word) ? COLUMN_OF_WORD[word] : undefined;
    if (column !== undefined) return column;
  }
  return 'other';
}

/** Of what fits into a socket, what the socket is there for: the first kind in this order. */
const PRECEDENCE: readonly PlugCategory[] = [
  'intrinsic',
  'trait',
  'barrel',
  'magazine',
  'origin',
  'masterwork',
  'mod',
  'shader',
];

export function mainCategory(categories: readonly PlugCategory[]): PlugCategory {
  return PRECEDENCE.find((category) => categories.includes(category)) ?? 'other';
}

/** The first socket of traits is the third column, the second one the fourth; what else takes traits is another matter. */
export function columnsOf(categories: readonly PlugCategory[]): SocketCategory[] {
  const traits: SocketCategory[] = ['trait1', 'trait2'];
  return categories.map((category) => (category === 'trait' ? (traits.shift() ?? 'other') : category));
}
