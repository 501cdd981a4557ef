// Experience points and the level that follows from them, by the table of the fifth edition (SRD 5.1, "Beyond 1st Level", CC-BY 4.0). Other systems
// count as the group says.
import type { GameSystem } from '../campaigns/campaign-kinds.js';

/** Points from which on each level is reached, the first one first. */
const DND5E_XP = [
  0, 300, 900, 2_700, 6_500, 14_000, 23_000, 34_000, 48_000, 64_000, 85_000, 100_000, 120_000, 140_000,
  165_000, 195_000, 225_000, 265_000, 305_000, 355_000,
] as const;

export const MOST_XP = 1_000_000_000;

/** @returns null where the system has no table */
export function levelOf(system: GameSystem, xp: number): number | null {
  if (system !== 'dnd5e') return null;
  return Math.max(1, DND5E_XP.filter((least) => least <= xp).length);
}

/** Points that are missing to the next level; null at the last one, or where the system has no table. */
export function xpToNextLevel(system: GameSystem, xp: number): number | null {
  if (system !== 'dnd5e') return null;
  const next = DND5E_XP.find((least) => least > xp);
  return next === undefined ? null : next - xp;
}
