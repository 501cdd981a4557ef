import { distanceM } from '../geo/geodesy.js';
import type { Pause, Track } from '../geo/track.js';
import type { MarkCode, MarkWeight } from './race-kinds.js';

// Whether somebody can have run what was recorded. Nothing here proves a fraud: receivers jump, people forget to stop the watch on the bus. So
// each finding says what was seen, where, and how much it weighs, in words that its runner may read.

export interface Finding {
  readonly code: Exclude<MarkCode, 'left_route'>;
  readonly weight: MarkWeight;
  /** Milliseconds since the run's first point. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly text: string;
}

/**
 * Mean speeds of world records on the track and the road by how long they took, s and m/s, rounded up (World Athletics, 100 m to marathon).
 * Between them on a straight line over the logarithm of time.
 */
const RECORDS: readonly [number, number][] = [
  [9.58, 10.5],
  [19.19, 10.45],
  [43.03, 9.3],
  [100.9, 7.95],
  [206, 7.3],
  [755, 6.63],
  [1_571, 6.37],
  [3_400, 6.2],
  [7_235, 5.84],
];
/** Receivers stretch distances by some percent. */
const RECORD_MARGIN = 1.06;
const WINDOWS_S = [10, 20, 45, 100, 200, 600, 1_500] as const;
/** A jump of a receiver: further than it errs, faster than anybody runs. */
const TELEPORT_M = 60;
const TELEPORT_MPS = 12.5;
const TELEPORTS_TO_DOUBT = 3;
const TELEPORT_IMPOSSIBLE_M = 1_000;
/** So fast for a minute is a wheel. */
const VEHICLE_MPS = 9.5;
const VEHICLE_S = 60;
/** A sprinter leaves the blocks with less, and not for so long. */
const ACCELERATION_MPS2 = 4.5;
const ACCELERATION_S = 2;
/** The longest steps that sprinters make. */
const LONGEST_STEP_M = 2.8;
const STEP_S = 30;
const STEP_AROUND = 3;
const SLOWEST_STEPS_SPM = 60;
/** Steps between fixes that differ by less than this (ratio) were drawn, not run. */
const REGULAR_RATIO = 0.002;
const REGULAR_FIXES = 120;

/** The weightiest first. */
const ORDER = { impossible: 0, doubt: 1, note: 2 } as const;

/** @returns the weightiest first; empty where nothing is to be said */
export function judgePlausibility(track: Track, pauses: readonly Pause[]): Finding[] {
  const steps = stepsOf(track, pauses);
  const findings = [
    ...teleports(steps),
    ...fastStretches(steps),
    ...accelerations(steps),
    ...stepLengths(track, steps),
    ...tooRegular(steps),
  ];
  return findings.sort((a, b) => ORDER[a.weight] - ORDER[b.weight] || a.fromMs - b.fromMs);
}

/** From one fix with a place to the next. */
interface Step {
  readonly index: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly lengthM: number;
  readonly speedMps: number;
  readonly isTeleport: boolean;
}

function stepsOf(track: Track, pauses: readonly Pause[]): Step[] {
  const steps: Step[] = [];
  let last = -1;
  for (let index = 0; index < track.length; index += 1) {
    if (!Number.isFinite(track.latDeg[index]!) || !Number.isFinite(track.lonDeg[index]!)) continue;
    if (last >= 0) {
      const [fromMs, toMs] = [track.tMs[last]!, track.tMs[index]!];
      const isPaused = pauses.some((pause) => pause.fromMs < toMs && pause.toMs > fromMs);
      const lengthM = distanceM(
        track.latDeg[last]!,
        track.lonDeg[last]!,
        track.latDeg[index]!,
        track.lonDeg[index]!,
      );
      const speedMps = (lengthM / (toMs - fromMs)) * 1000;
      const isTeleport = lengthM > TELEPORT_M && speedMps > TELEPORT_MPS;
      // Whoever stopped the watch may have taken a bus: no part of the run.
      if (!isPaused) steps.push({ index, fromMs, toMs, lengthM, speedMps, isTeleport });
    }
    last = index;
  }
  return steps;
}

function teleports(steps: readonly Step[]): Finding[] {
  const jumps = steps.filter(({ isTeleport }) => isTeleport);
  return jumps.map(({ fromMs, toMs, lengthM, speedMps }) => {
    const isFar = lengthM > TELEPORT_IMPOSSIBLE_M;
    return {
      code: 'teleport',
      weight: isFar ? 'impossible' : jumps.length >= TELEPORTS_TO_DOUBT ? 'doubt' : 'note',
      fromMs,
      toMs,
      text: `The place jumps by ${Math.round(lengthM)} m in ${seconds(toMs - fromMs)} (${kmh(speedMps)}).`,
    };
  });
}

/** Longest window first: whoever rode the bus for ten minutes need not be told of each of them, unless one weighs more than all ten. */
function fastStretches(steps: readonly Step[]): Finding[] {
  const findings: Finding[] = [];
  for (const windowS of WINDOWS_S.toReversed()) {
    const most = recordMps(windowS) * RECORD_MARGIN;
    const fastest = fastestWindow(steps, windowS);
    if (fastest === null || fastest.speedMps <= most) continue;
    const isVehicle = windowS >= VEHICLE_S && fastest.speedMps > VEHICLE_MPS;
    const weight = isVehicle || fastest.speedMps > 1.3 * most ? 'impossible' : 'doubt';
    const isTold = findings.some(
      (told) =>
        fastest.fromMs < told.toMs && fastest.toMs > told.fromMs && ORDER[told.weight] <= ORDER[weight],
    );
    if (isTold) continue;
    findings.push({
      code: isVehicle ? 'vehicle' : 'faster_than_records',
      weight,
      fromMs: fastest.fromMs,
      toMs: fastest.toMs,
      text: isVehicle
        ? `${kmh(fastest.speedMps)} over ${seconds(windowS * 1000)} is the speed of a vehicle.`
        : `${kmh(fastest.speedMps)} over ${seconds(windowS * 1000)} is faster than the world record over that time.`,
    });
  }
  return findings;
}

/** Jumps of the receiver are told by themselves and count for nothing here. */
function fastestWindow(
  steps: readonly Step[],
  windowS: number,
): { fromMs: number; toMs: number; speedMps: number } | null {
  let best: { fromMs: number; toMs: number; speedMps: number } | null = null;
  let [from, metres] = [0, 0];
  for (const step of steps) {
    metres += step.isTeleport ? 0 : step.lengthM;
    while (step.toMs - steps[from]!.toMs >= windowS * 1000) {
      metres -= steps[from]!.isTeleport ? 0 : steps[from]!.lengthM;
      from += 1;
    }
    const { fromMs } = steps[from]!;
    const lastsS = (step.toMs - fromMs) / 1000;
    if (lastsS < windowS || lastsS > 1.5 * windowS + 5) continue;
    const speedMps = metres / lastsS;
    if (best === null || speedMps > best.speedMps) best = { fromMs, toMs: step.toMs, speedMps };
  }
  return best;
}

function recordMps(overS: number): number {
  const [first, last] = [RECORDS[0]!, RECORDS.at(-1)!];
  if (overS <= first[0]) return first[1];
  if (overS >= last[0]) return last[1];
  const at = RECORDS.findIndex(([recordS]) => recordS > overS);
  const [[fromS, fromMps], [toS, toMps]] = [RECORDS[at - 1]!, RECORDS[at]!];
  return fromMps + ((toMps - fromMps) * Math.log(overS / fromS)) / Math.log(toS / fromS);
}

/** From a run to a ride within two seconds, seen over two seconds on each side, so that a jitter of one fix is none. */
function accelerations(steps: readonly Step[]): Finding[] {
  const findings: Finding[] = [];
  for (let at = 2; at + 2 < steps.length; at += 1) {
    const [before, after] = [steps.slice(at - 2, at), steps.slice(at + 1, at + 3)];
    const around = [...before, steps[at]!, ...after];
    if (around.some(({ isTeleport, fromMs, toMs }) => isTeleport || toMs - fromMs > ACCELERATION_S * 1000))
      continue;
    const changeMps = meanSpeed(after) - meanSpeed(before);
    const lastsS = (after[0]!.fromMs - before[1]!.toMs) / 1000 + 1;
    if (changeMps / lastsS < ACCELERATION_MPS2 || meanSpeed(after) < VEHICLE_MPS) continue;
    const [fromMs, toMs] = [before[0]!.fromMs, after[1]!.toMs];
    if (findings.length > 0 && fromMs < findings.at(-1)!.toMs) continue;
    findings.push({
      code: 'acceleration',
      weight: 'doubt',
      fromMs,
      toMs,
      text: `From ${kmh(meanSpeed(before))} to ${kmh(meanSpeed(after))} within ${seconds(lastsS * 1000)}: no runner speeds up like that.`,
    });
  }
  return findings;
}

function meanSpeed(steps: readonly Step[]): number {
  const metres = steps.reduce((sum, { lengthM }) => sum + lengthM, 0);
  return (metres / (steps.at(-1)!.toMs - steps[0]!.fromMs)) * 1000;
}

/** Speed by place and steps by the watch are two witnesses. */
function stepLengths({ cadenceSpm }: Track, steps: readonly Step[]): Finding[] {
  if (cadenceSpm === null) return [];
  const findings: Finding[] = [];
  let [fromMs, metres, count] = [-1, 0, 0];
  const close = (toMs: number): void => {
    if (fromMs >= 0 && toMs - fromMs >= STEP_S * 1000) {
      const stepM = metres / count;
      findings.push({
        code: 'step_length',
        weight: stepM > 1.5 * LONGEST_STEP_M ? 'impossible' : 'doubt',
        fromMs,
        toMs,
        text: `Steps of ${stepM.toFixed(1)} m for ${seconds(toMs - fromMs)}: place and step counter do not tell of the same run.`,
      });
    }
    [fromMs, metres, count] = [-1, 0, 0];
  };
  for (const [at, { index, fromMs: stepFromMs, toMs, lengthM, isTeleport }] of steps.entries()) {
    const cadence = cadenceSpm[index]!;
    // Over some seconds: one step of a receiver is as long as its error has it.
    const speedMps = meanSpeed(steps.slice(Math.max(0, at - STEP_AROUND), at + STEP_AROUND + 1));
    const isLong = !isTeleport && cadence >= SLOWEST_STEPS_SPM && speedMps / (cadence / 60) > LONGEST_STEP_M;
    if (!isLong) {
      close(stepFromMs);
      continue;
    }
    if (fromMs < 0) fromMs = stepFromMs;
    metres += lengthM;
    count += (cadence / 60) * ((toMs - stepFromMs) / 1000);
  }
  if (steps.length > 0) close(steps.at(-1)!.toMs);
  return findings;
}

/** No two seconds of a run are alike, and no two fixes of a receiver. */
function tooRegular(steps: readonly Step[]): Finding[] {
  let from = 0;
  for (let at = 1; at <= steps.length; at += 1) {
    const [first, here] = [steps[from]!, steps[at]];
    const isAlike =
      here !== undefined &&
      here.speedMps > 1 &&
      Math.abs(here.speedMps / first.speedMps - 1) < REGULAR_RATIO &&
      here.toMs - here.fromMs === first.toMs - first.fromMs;
    if (isAlike) continue;
    if (at - from >= REGULAR_FIXES) {
      const [fromMs, toMs] = [first.fromMs, steps[at - 1]!.toMs];
      const text = `${at - from} fixes in a row lie equally far apart: they were drawn rather than recorded.`;
      return [{ code: 'too_regular', weight: 'doubt', fromMs, toMs, text }];
    }
    from = at;
  }
  return [];
}

function kmh(mps: number): string {
  return `${(mps * 3.6).toFixed(1)} km/h`;
}

function seconds(ms: number): string {
  const whole = Math.round(ms / 1000);
  return whole < 120 ? `${whole} s` : `${Math.round(whole / 60)} min`;
}
