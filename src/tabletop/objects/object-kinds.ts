/** What a campaign's objects are. */
export const OBJECT_KINDS = [
  'character',
  'location',
  'plot',
  'session',
  'item',
  'event',
  'map',
  'table',
  'note',
  'arc',
  'achievement',
  'encounter',
] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** To whom an object shows itself, beside the masters: nobody, those of the table, some of them, or whoever has an account here. */
export const VISIBILITIES = ['gm', 'party', 'members', 'public'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** What a member without rights of their own would see of an object, said once for previews and pure rules. */
export function isForParty(visibility: Visibility): boolean {
  return visibility === 'party' || visibility === 'public';
}
