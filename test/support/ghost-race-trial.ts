import { type GeneratedRun } from '../factories/generated-tracks.js';
import { SeededRandom } from '../../src/market/simulation/random.js';
import type { Track } from '../../src/running/geo/track.js';
import { type GhostCurve, ghostCurveOf } from '../../src/running/ghosts/ghost-curve.js';
import { GhostRace, type GhostRaceConfig } from '../../src/running/races/ghost-race.js';
import type { RaceFix, RaceState, RaceUpdate } from '../../src/running/races/race-update.js';

// Races of the rules alone: generated runs against the ghosts of others.

export const random = (seed: number): SeededRandom => new SeededRandom(seed, 8, 1);
export const pace = (): number => 3.4;
export const curveOf = ({ track, pauses }: GeneratedRun): GhostCurve => ghostCurveOf(track, pauses)!;
export const configOf = (...curves: GhostCurve[]): GhostRaceConfig => ({
  ghosts: curves.map((curve, index) => ({ id: `ghost-${index}`, curve })),
  clock: 'elapsed',
});

export function* fixesOf(track: Track): Generator<RaceFix> {
  for (let index = 0; index < track.length; index += 1) {
    yield {
      tMs: track.tMs[index]!,
      latDeg: track.latDeg[index]!,
      lonDeg: track.lonDeg[index]!,
      accuracyM: null,
      speedMps: null,
    };
  }
}

export function race(config: GhostRaceConfig, track: Track): RaceUpdate[] {
  const live = GhostRace.start(config);
  const updates = [...fixesOf(track)].flatMap((fix) => live.take(fix) ?? []);
  return [...updates, live.finish(track.tMs.at(-1)!)];
}

export const statesOf = (updates: readonly RaceUpdate[]): RaceState[] =>
  updates.flatMap(({ changes }) => changes.map(({ to }) => to));
