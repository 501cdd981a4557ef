// Where two lists of catalysts differ: what the original's 170 hard-coded hashes would have needed, and what an operator reads before the
// shipped file is replaced.
import { weaponNameKey } from './weapon-name.js';

/** Which record is the catalyst of which weapon. */
export interface CatalystPair {
  readonly recordHash: number;
  readonly weaponName: string;
  /** Undefined where only a name is known. */
  readonly weaponHash?: number;
}

export interface WrongWeapon {
  readonly recordHash: number;
  readonly weaponName: string;
  readonly actualWeaponName: string;
}

export interface CatalogDifference {
  /** In the actual list, but not in ours. */
  readonly missing: readonly CatalystPair[];
  /** In ours, but not in the actual list. */
  readonly surplus: readonly CatalystPair[];
  /** In both, ours with another weapon. */
  readonly wrongWeapon: readonly WrongWeapon[];
}

export function compareCatalogs(
  ours: readonly CatalystPair[],
  actual: readonly CatalystPair[],
): CatalogDifference {
  const oursByRecord = new Map(ours.map((pair) => [pair.recordHash, pair]));
  const actualByRecord = new Map(actual.map((pair) => [pair.recordHash, pair]));
  return {
    missing: actual.filter(({ recordHash }) => !oursByRecord.has(recordHash)),
    surplus: ours.filter(({ recordHash }) => !actualByRecord.has(recordHash)),
    wrongWeapon: ours.flatMap((pair) => {
      const right = actualByRecord.get(pair.recordHash);
      if (right === undefined || isSameWeapon(pair, right)) return [];
      const { recordHash, weaponName } = pair;
      return [{ recordHash, weaponName, actualWeaponName: right.weaponName }];
    }),
  };
}

export function isEqual({ missing, surplus, wrongWeapon }: CatalogDifference): boolean {
  return missing.length === 0 && surplus.length === 0 && wrongWeapon.length === 0;
}

/** By hash or by name: reissues of one weapon have hashes of their own. */
function isSameWeapon(a: CatalystPair, b: CatalystPair): boolean {
  const [one, other] = [weaponNameKey(a.weaponName), weaponNameKey(b.weaponName)];
  if (a.weaponHash === undefined || b.weaponHash === undefined) return isSameByPeople(one, other);
  return a.weaponHash === b.weaponHash || one === other;
}

/** People write "Ratking" for "Rat King" and "Whisper" for "Whisper of the Worm". */
function isSameByPeople(one: string, other: string): boolean {
  const [short, long] = [one, other]
    .map((name) => name.replaceAll(' ', ''))
    .sort((a, b) => a.length - b.length) as [string, string];
  return short !== '' && (short === long || (short.length >= FEWEST_LETTERS && long.includes(short)));
}

/** A part of a name that is shorter could be in any. */
const FEWEST_LETTERS = 5;
