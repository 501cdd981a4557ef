import { elapsedTimeOf, type GhostCurve, lengthOf, movingTimeOf } from '../ghosts/ghost-curve.js';
import type { Pause, Track } from '../geo/track.js';
import { GhostRace } from './ghost-race.js';
import type { GapPoint, OfficialOptions, OfficialResult } from './official-result.js';
import type { RaceSplit, RaceUpdate } from './race-update.js';

/** The official result against a ghost without a route: all fixes of the run in order of time, by the distance covered. */
export function distanceResult(
  track: Track,
  pauses: readonly Pause[],
  ghost: GhostCurve,
  options: OfficialOptions,
): OfficialResult {
  const race = GhostRace.start({ ghosts: [{ id: 'ghost', curve: ghost }], ...options });
  const gapCurve: GapPoint[] = [];
  const splits: RaceSplit[] = [];
  let finish: RaceUpdate | null = null;
  let startedAtMs: number | null = null;
  for (const update of replay(race, track, pauses)) {
    splits.push(...update.splits);
    if (update.clockMs === null) continue;
    const { alongM, gapS, gapM, sdS } = update.gaps[0]!;
    if (options.clock === 'elapsed') startedAtMs ??= update.tMs - update.clockMs;
    startedAtMs ??= update.tMs;
    gapCurve.push({ tMs: update.tMs, alongM: alongM!, gapS: gapS!, gapM: gapM!, sdS: sdS! });
    if (update.state !== 'finished') continue;
    finish = update;
    break;
  }
  const ghostS = (options.clock === 'elapsed' ? elapsedTimeOf(ghost) : movingTimeOf(ghost)) / 1000;
  const last = gapCurve.at(-1);
  const differenceS = finish === null ? null : last!.gapS;
  const gaps = gapCurve.map(({ gapS }) => gapS);
  const distanceCompletedM = Math.min(lengthOf(ghost), last?.alongM ?? 0);
  return {
    status: differenceS === null ? 'abandoned' : differenceS <= 0 ? 'won' : 'lost',
    timeDifferenceS: differenceS,
    sdS: finish === null ? null : last!.sdS,
    isTooCloseToCall: differenceS !== null && Math.abs(differenceS) < 2 * last!.sdS,
    startedAtMs,
    finishedAtMs: finish === null ? null : startedAtMs! + finish.clockMs!,
    runnerS: differenceS === null ? null : ghostS + differenceS,
    ghostS,
    distanceCompletedM,
    completionRatio: Math.min(1, distanceCompletedM / lengthOf(ghost)),
    averageGapS: gaps.length === 0 ? null : gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length,
    maxGapS: gaps.length === 0 ? null : gaps.reduce((most, gap) => Math.max(most, gap)),
    minGapS: gaps.length === 0 ? null : gaps.reduce((least, gap) => Math.min(least, gap)),
    splits,
    gapCurve,
    leftRoute: [],
  };
}

function* replay(race: GhostRace, track: Track, pauses: readonly Pause[]): Generator<RaceUpdate> {
  let next = 0;
  for (let index = 0; index < track.length; index += 1) {
    const tMs = track.tMs[index]!;
    for (; next < pauses.length && pauses[next]!.toMs <= tMs; next += 1) {
      yield race.pause(pauses[next]!.fromMs);
      yield race.resume(pauses[next]!.toMs);
    }
    if (next < pauses.length && pauses[next]!.fromMs < tMs) continue;
    const accuracy = track.accuracyM?.[index];
    const update = race.take({
      tMs,
      latDeg: track.latDeg[index]!,
      lonDeg: track.lonDeg[index]!,
      accuracyM: accuracy === undefined || Number.isNaN(accuracy) ? null : accuracy,
      speedMps: null,
    });
    if (update !== null) yield update;
  }
}
