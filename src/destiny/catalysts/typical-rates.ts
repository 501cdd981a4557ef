// How fast a player of middling skill goes who works on nothing else: units per hour with the weapon in use. These are assumptions of
// this house, for whoever has shown no rate of their own yet; an answer that rests on one says so (`typical`).
import type { ObjectiveKind } from './objective-kind.js';

export const TYPICAL_PER_HOUR: Readonly<Record<ObjectiveKind, number>> = {
  kills: 120,
  crucible_kills: 25,
  cabal_kills: 80,
  precision_kills: 60,
  multikills: 20,
  bounties: 10,
  medals: 2,
  perk_kills: 50,
  mode_kills: 120,
  reshape: 20,
  insert: 60,
};
