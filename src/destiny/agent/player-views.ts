import type { Principal } from '../../platform/auth/principal.js';
import type { CatalystState } from '../catalysts/judge-catalyst.js';
import type { Activity } from '../catalysts/objective-kind.js';
import type { Element, Slot, WeaponType } from '../catalysts/weapon-terms.js';

// What the tools of the agent see of a player. Everything is the caller's own or the same for everybody: no method takes an account
// by its id. Instants are ISO-8601, hashes unsigned 32-bit numbers.

export interface ObjectiveView {
  readonly text: string | null;
  /** As the game counts; may stand above the target. */
  readonly progress: number | null;
  readonly target: number | null;
  readonly isComplete: boolean;
}

export interface CatalystView {
  readonly recordHash: number;
  readonly weaponName: string;
  readonly state: CatalystState;
  /** 0 to 100. */
  readonly pct: number;
  readonly weaponType: WeaponType | null;
  readonly element: Element | null;
  readonly slot: Slot | null;
  readonly season: number | null;
  /** How its weapon is got. */
  readonly source: string | null;
  /** Where it makes progress. */
  readonly activity: Activity;
  readonly objectives: readonly ObjectiveView[];
}

/** How old what we know of a player is. */
export interface AgeView {
  /** Whether a Bungie account is linked, and may be read. */
  readonly link: 'linked' | 'unlinked' | 'lapsed';
  /** When Bungie made the figures; null = there are none. */
  readonly mintedAt: string | null;
  readonly ageS: number | null;
  /** Older than a player would expect. */
  readonly isStale: boolean;
}

/** Four of five times the truth lies between the outer ones. */
export interface RangeView {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

/** How long a catalyst still takes, at the player's own rate. */
export interface EtaView {
  readonly state: 'complete' | 'unknown' | 'stalled' | 'estimated';
  readonly days: RangeView | null;
  readonly hoursPlayed: RangeView | null;
}

export interface PlanStepView {
  readonly weaponName: string;
  readonly recordHash: number;
  readonly activity: Activity;
  readonly fromMinute: number;
  readonly toMinute: number;
  /** Of the whole catalyst. */
  readonly neededMinutes: number;
  readonly isFinished: boolean;
  /** Whose rate it rests on: `own`, `own_similar`, or `typical`, which is nobody's. */
  readonly rateSource: string;
}

export interface HistoryPointView {
  readonly at: string;
  readonly progress: number;
  readonly target: number;
  readonly isComplete: boolean;
}

/** Of one objective, oldest first: the last move of each day. */
export interface HistorySeriesView {
  readonly text: string | null;
  readonly points: readonly HistoryPointView[];
}

export interface WeaponView {
  readonly itemInstanceId: string;
  readonly itemHash: number;
  readonly name: string;
  readonly weaponType: string;
  readonly element: string | null;
  readonly slot: string | null;
  readonly location: string;
  readonly power: number | null;
  /** Names of what is plugged in. */
  readonly perks: readonly string[];
}

export interface RollView {
  readonly itemInstanceId: string;
  readonly name: string;
  /** S, A, B or C by the table of synergies; null where its traits are not known. */
  readonly tier: string | null;
  readonly score: number | null;
  readonly explanation: string | null;
  /** Rolls of wish lists that it is, and of those that they call trash. */
  readonly wishCount: number;
  readonly trashCount: number;
}

export interface GodRollView {
  readonly weaponName: string;
  readonly perks: readonly string[];
  readonly tags: readonly string[];
  readonly notes: string | null;
}

export interface DefinitionView {
  readonly hash: number;
  readonly name: string;
  readonly kind: string;
  readonly description: string | null;
}

export interface SheetRowsView {
  readonly sheet: string;
  readonly tab: string | null;
  readonly fetchedAt: string | null;
  readonly isStale: boolean;
  /** Names of tabs, where none was asked for. */
  readonly tabs: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly total: number;
}

/** What the rest of Destiny answers to the agent for one caller. */
export interface PlayerReads {
  age(caller: Principal): Promise<AgeView>;
  /** All of them, by the weapon's name. */
  catalysts(caller: Principal): Promise<readonly CatalystView[]>;
  /** Null where nothing can be said of it. */
  eta(caller: Principal, recordHash: number): Promise<EtaView | null>;
  plan(
    caller: Principal,
    wish: { activity: Activity | null; minutes: number | null; limit: number },
  ): Promise<readonly PlanStepView[]>;
  history(caller: Principal, recordHash: number, days: number): Promise<readonly HistorySeriesView[]>;
  /** All of them. */
  weapons(caller: Principal): Promise<readonly WeaponView[]>;
  /** @param itemInstanceIds some of the caller's own; of others nothing is said */
  rolls(caller: Principal, itemInstanceIds: readonly string[]): Promise<readonly RollView[]>;
  godRolls(caller: Principal, weaponName: string): Promise<readonly GodRollView[]>;
  definitions(caller: Principal, words: string, limit: number): Promise<readonly DefinitionView[]>;
  /** @param sheet key of one of the sheets that the operator has allowed; null for the first */
  sheetRows(
    caller: Principal,
    wish: { sheet: string | null; tab: string | null; words: string | null; limit: number },
  ): Promise<SheetRowsView | null>;
}
