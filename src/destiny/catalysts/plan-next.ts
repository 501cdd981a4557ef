// What to do next: the catalysts that are nearest in time, at the player's own rate, within the minutes of an evening. Only one exotic
// weapon can be worn, so kills never count for two catalysts and their minutes add up; what they can share is the activity, so those
// of one activity stand together and the player changes weapons rather than playlists.
//
// Invariants: steps follow each other without gap or overlap and fit into the budget; whatever was left out takes no less time than
// anything that is finished; each catalyst comes once; the order of the input does not matter.
import { byWeaponName } from './catalog.js';
import type { CatalystEntry } from './catalyst-list.js';
import type { CatalystStatus } from './judge-catalyst.js';
import { type Activity, objectiveKind, type ObjectiveKind } from './objective-kind.js';
import { TYPICAL_PER_HOUR } from './typical-rates.js';

/** `own`: seen on this objective; `own_similar`: seen of this player on others of its kind; `typical`: nobody's, an assumption. */
export type RateSource = 'own' | 'own_similar' | 'typical';

export interface PlanCandidate extends CatalystEntry {
  /** Units per hour with the weapon in use (pace.ts), by objective; what is not known is left out. */
  readonly ratesPerHour: ReadonlyMap<number, number>;
}

export interface PlanWish {
  /** Whole minutes; undefined = as long as it takes. */
  readonly minutes?: number | undefined;
  readonly activity?: Activity | undefined;
  /** Most catalysts. */
  readonly limit?: number | undefined;
}

export interface PlanStep {
  readonly recordHash: number;
  readonly weaponName: string;
  /** From the start of the plan. */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** What the whole catalyst takes; more than the step where it is not finished. */
  readonly neededMinutes: number;
  readonly isFinished: boolean;
  readonly rateSource: RateSource;
  readonly objectives: readonly PlanObjective[];
}

export interface PlanObjective {
  readonly objectiveHash: number;
  readonly text: string | null;
  readonly remaining: number;
  readonly perHour: number;
  readonly rateSource: RateSource;
}

export interface PlanGroup {
  readonly activity: Activity;
  readonly minutes: number;
  readonly steps: readonly PlanStep[];
}

export interface Plan {
  readonly groups: readonly PlanGroup[];
  readonly minutes: number;
  /** Catalysts in progress that found no place, or whose targets nobody knows. */
  readonly leftOutCount: number;
}

/** No catalyst is promised to take longer: a thousand hours. */
const MOST_MINUTES = 60_000;

export function planNext(candidates: readonly PlanCandidate[], wish: PlanWish): Plan {
  const open = candidates.filter(
    ({ facts, status }) =>
      status.state === 'in_progress' && (wish.activity === undefined || facts.activity === wish.activity),
  );
  const similar = similarRates(candidates);
  const works = open
    .map((candidate) => workOf(candidate, similar))
    .filter((work) => work !== null)
    .sort((a, b) => a.minutes - b.minutes || byWeaponName(a.candidate.facts, b.candidate.facts));
  const chosen = choose(works, wish);
  return { ...inGroups(chosen), leftOutCount: open.length - chosen.length };
}

interface Work {
  readonly candidate: PlanCandidate;
  readonly minutes: number;
  readonly objectives: readonly PlanObjective[];
}

interface ChosenWork extends Work {
  /** At most `minutes`. */
  readonly given: number;
}

/** Nearest first; the first that does not fit gets what is left of the time. */
function choose(works: readonly Work[], { minutes, limit }: PlanWish): ChosenWork[] {
  const chosen: ChosenWork[] = [];
  let left = minutes === undefined ? Number.POSITIVE_INFINITY : Math.floor(minutes);
  for (const work of works.slice(0, limit)) {
    if (left < 1) break;
    const given = Math.min(left, work.minutes);
    chosen.push({ ...work, given });
    left -= given;
  }
  return chosen;
}

/** Groups in the order of their nearest catalyst. */
function inGroups(chosen: readonly ChosenWork[]): { groups: PlanGroup[]; minutes: number } {
  const byActivity = new Map<Activity, ChosenWork[]>();
  for (const work of chosen) {
    const { activity } = work.candidate.facts;
    const group = byActivity.get(activity);
    if (group) group.push(work);
    else byActivity.set(activity, [work]);
  }
  let minute = 0;
  const groups = [...byActivity].map(([activity, works]): PlanGroup => {
    const from = minute;
    const steps = works.map((work): PlanStep => {
      const fromMinute = minute;
      minute += work.given;
      return stepOf(work, fromMinute);
    });
    return { activity, minutes: minute - from, steps };
  });
  return { groups, minutes: minute };
}

function stepOf({ candidate, minutes, objectives, given }: ChosenWork, fromMinute: number): PlanStep {
  const { recordHash, weaponName } = candidate.facts;
  return {
    recordHash,
    weaponName,
    fromMinute,
    toMinute: fromMinute + given,
    neededMinutes: minutes,
    isFinished: given === minutes,
    rateSource: weakest(objectives.map(({ rateSource }) => rateSource)),
    objectives,
  };
}

/**
 * Objectives of one catalyst fill at the same time, so the slowest decides; those of elemental modes exclude each other and add up.
 * Null where a target is not known.
 */
function workOf(candidate: PlanCandidate, similar: ReadonlyMap<ObjectiveKind, number>): Work | null {
  const objectives: PlanObjective[] = [];
  let [slowest, inModes] = [0, 0];
  for (const objective of candidate.status.objectives) {
    const { objectiveHash, text, target, progress, isComplete, isVisible } = objective;
    if (isComplete || !isVisible) continue;
    if (target === null) return null;
    const remaining = Math.max(0, target - Math.max(0, progress ?? 0));
    const kind = objectiveKind(text ?? '');
    const own = candidate.ratesPerHour.get(objectiveHash);
    const [perHour, rateSource] = rateOf(kind, own, similar);
    const hours = remaining / perHour;
    if (kind === 'mode_kills') inModes += hours;
    else slowest = Math.max(slowest, hours);
    objectives.push({ objectiveHash, text, remaining, perHour, rateSource });
  }
  if (objectives.length === 0) return null;
  const minutes = Math.ceil(Math.max(slowest, inModes) * 60);
  return { candidate, minutes: Math.min(MOST_MINUTES, Math.max(1, minutes)), objectives };
}

function rateOf(
  kind: ObjectiveKind,
  own: number | undefined,
  similar: ReadonlyMap<ObjectiveKind, number>,
): [number, RateSource] {
  if (own !== undefined && own > 0) return [own, 'own'];
  const other = similar.get(kind);
  return other === undefined ? [TYPICAL_PER_HOUR[kind], 'typical'] : [other, 'own_similar'];
}

/** The middle one of the player's rates, by kind of objective. */
function similarRates(candidates: readonly PlanCandidate[]): Map<ObjectiveKind, number> {
  const seen = new Map<ObjectiveKind, number[]>();
  for (const { status, ratesPerHour } of candidates) {
    for (const [kind, rate] of ratesByKind(status, ratesPerHour)) {
      const rates = seen.get(kind);
      if (rates) rates.push(rate);
      else seen.set(kind, [rate]);
    }
  }
  return new Map(
    [...seen].map(([kind, rates]) => {
      rates.sort((a, b) => a - b);
      return [kind, rates[Math.floor((rates.length - 1) / 2)]!];
    }),
  );
}

function ratesByKind(
  { objectives }: CatalystStatus,
  ratesPerHour: ReadonlyMap<number, number>,
): [ObjectiveKind, number][] {
  return objectives.flatMap(({ objectiveHash, text }): [ObjectiveKind, number][] => {
    const rate = ratesPerHour.get(objectiveHash);
    return rate !== undefined && rate > 0 ? [[objectiveKind(text ?? ''), rate]] : [];
  });
}

const SOURCES: readonly RateSource[] = ['own', 'own_similar', 'typical'];

function weakest(sources: readonly RateSource[]): RateSource {
  return sources.reduce<RateSource>(
    (worst, each) => (SOURCES.indexOf(each) > SOURCES.indexOf(worst) ? each : worst),
    'own',
  );
}
