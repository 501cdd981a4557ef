import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Habits,
  knownAt,
  mulberry,
  simulatePlayer,
  USUAL,
} from '../../../test/support/destiny-players.js';
import { type Eta, etaOf, latestEta } from './eta.js';
import { DAY_MS, HOUR_MS, type LastLook, type PacePoint, paceOf } from './pace.js';

/** How many simulated players, none of whom the priors of eta.ts were fitted on. */
const PLAYERS = 800;
const FIRST_SEED = 50_000;

interface Calibration {
  count: number;
  /** Share of players, per cent. */
  daysInsidePct: number;
  hoursInsidePct: number;
}

function calibrate(stage: number, habits: Habits): Calibration {
  const random = mulberry(11);
  let [count, inDays, inHours] = [0, 0, 0];
  for (let seed = FIRST_SEED; seed < FIRST_SEED + PLAYERS; seed += 1) {
    const player = simulatePlayer(seed, habits);
    const known = knownAt(player, stage, random() * 12 * HOUR_MS);
    if (known === null) continue;
    const { points, look } = known;
    const eta = etaOf(player.target - points.at(-1)!.progress, paceOf(points, look), look);
    if (eta.state !== 'estimated') throw new Error(`no estimate for the player of seed ${seed}`);
    const days = (player.finishedAtMs - look.atMs) / DAY_MS;
    const hours = (player.finishedMinutesPlayed - look.minutesPlayed!) / 60;
    count += 1;
    if (eta.days.low <= days && days <= eta.days.high) inDays += 1;
    if (eta.hoursPlayed!.low <= hours && hours <= eta.hoursPlayed!.high) inHours += 1;
  }
  return { count, daysInsidePct: (inDays / count) * 100, hoursInsidePct: (inHours / count) * 100 };
}

describe('calibration: the stated 80 % range holds the true time', () => {
  const POPULATIONS: [string, Habits][] = [
    ['usual players', USUAL],
    ['rare players', { ...USUAL, playsOnDay: [0.15, 0.4] }],
    ['players who are looked at once an evening', { ...USUAL, isSeenAfterwards: true }],
  ];
  const STAGES = [0.1, 0.25, 0.5, 0.75, 0.9];

  it.each(POPULATIONS.flatMap(([name, habits]) => STAGES.map((stage) => [name, stage, habits] as const)))(
    'of %s at %d of the way for 76 to 88 of a hundred',
    (_, stage, habits) => {
      const { count, daysInsidePct, hoursInsidePct } = calibrate(stage, habits);
      if (process.env['SHOW']) console.log(_, stage, daysInsidePct.toFixed(1), hoursInsidePct.toFixed(1));
      expect(count).toBeGreaterThan(PLAYERS / 2);
      expect(daysInsidePct).toBeGreaterThanOrEqual(76);
      expect(daysInsidePct).toBeLessThanOrEqual(88);
      expect(hoursInsidePct).toBeGreaterThanOrEqual(76);
      expect(hoursInsidePct).toBeLessThanOrEqual(88);
    },
  );
});
