/**
 * What two objects may be to each other: people who know each other, ways between places, who or what was in a session, what a plot waits for,
 * whose something is, who was where, who speaks of what.
 */
export const LINK_KINDS = [
  'relationship',
  'edge',
  'appearance',
  'dependency',
  'ownership',
  'visit',
  'mention',
] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

/** Which end of a link an object is. */
export const LINK_ENDS = ['any', 'from', 'to'] as const;
export type LinkEnd = (typeof LINK_ENDS)[number];

/** What players may link, where it begins at something of theirs. Of these there may be any number between two objects, so none is refused over one that is hidden. */
export const PLAYERS_LINK: readonly LinkKind[] = ['relationship', 'visit'];
