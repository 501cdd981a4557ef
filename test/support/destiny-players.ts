import type { LastLook, PacePoint } from '../../src/destiny/catalysts/pace.js';

// Players who work on one catalyst, for the calibration of forecasts: each plays on some evenings, more at weekends, for some hours, has
// the weapon in hand on some of them and for a part of the evening, kills at a rate of their own with noise on top, and is looked at
// every half hour of play. All of it comes from one seed.

export interface SimulatedPlayer {
  target: number;
  /** Ascending; the first is the first look. Only changes, as they are stored. */
  points: PacePoint[];
  finishedAtMs: number;
  finishedMinutesPlayed: number;
}

const DAY_MS = 86_400_000;
const LOOK_MINUTES = 30;
export interface Habits {
  killsPerHour: number;
  /** Lowest and highest chance that a player of this population plays on a day, and has the weapon in hand then. */
  playsOnDay: [number, number];
  usesWeapon: [number, number];
  /** Looked at once after an evening rather than within it. */
  isSeenAfterwards: boolean;
}

export const USUAL: Habits = {
  killsPerHour: 40,
  playsOnDay: [0.3, 0.9],
  usesWeapon: [0.3, 0.95],
  isSeenAfterwards: false,
};

const TARGETS = [350, 400, 500, 700, 1_000];
const MOST_DAYS = 2_000;

/** @param habits how a population differs from the usual one */
export function simulatePlayer(
  seed: number,
  habits: Habits = USUAL,
  startAtMs = Date.UTC(2026, 0, 1),
): SimulatedPlayer {
  const random = mulberry(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const between = (low: number, high: number): number => low + (high - low) * random();
  const target = TARGETS[Math.floor(random() * TARGETS.length)]!;
  const killsPerHour = habits.killsPerHour * Math.exp(0.35 * normal());
  const playsOnDay = between(...habits.playsOnDay);
  const usesWeapon = between(...habits.usesWeapon);
  const share = between(0.3, 0.9);
  const eveningHours = between(1, 3);
  let minutesPlayed = Math.floor(between(0, 50_000));
  let progress = 0;
  const points: PacePoint[] = [{ atMs: startAtMs, progress, minutesPlayed }];
  for (let day = 0; day < MOST_DAYS; day += 1) {
    const isWeekend = (day + 3) % 7 >= 5;
    if (random() > playsOnDay * (isWeekend ? 1.25 : 0.9)) continue;
    const isUsing = random() < usesWeapon;
    const isFarming = random() < 0.04;
    const evening = Math.max(LOOK_MINUTES, eveningHours * 60 * Math.exp(0.45 * normal()));
    const rate = killsPerHour * Math.exp(0.3 * normal()) * (isFarming ? 2.5 : 1);
    const inUse = evening * Math.min(1, share * Math.exp(0.3 * normal()));
    const startsAt = startAtMs + day * DAY_MS + (19 + normal()) * 3_600_000;

    for (let minute = 0; minute < evening; minute += LOOK_MINUTES) {
      const minutes = Math.min(LOOK_MINUTES, evening - minute);
      minutesPlayed += Math.round(minutes);
      if (!isUsing || minute >= inUse) continue;
      progress += poisson((rate * minutes) / 60, random);
      const atMs = startsAt + (minute + minutes) * 60_000;
      if (habits.isSeenAfterwards && points.at(-1)!.atMs > startsAt) points.pop();
      if (progress > points.at(-1)!.progress)
        points.push({ atMs, progress: Math.min(progress, target), minutesPlayed });
      if (progress >= target)
        return { target, points, finishedAtMs: atMs, finishedMinutesPlayed: minutesPlayed };
    }
  }
  throw new Error(`the player of seed ${seed} never finished`);
}

/** What was known when `stage` (0..1) of the target was passed, seen up to `laterMs` after that. */
export function knownAt(
  { points, target, finishedAtMs }: SimulatedPlayer,
  stage: number,
  laterMs: number,
): { points: PacePoint[]; look: LastLook } | null {
  const reached = points.find(({ progress }) => progress >= stage * target)!;
  const atMs = reached.atMs + laterMs;
  if (atMs >= finishedAtMs) return null;
  const known = points.filter((point) => point.atMs <= atMs);
  return { points: known, look: { atMs, minutesPlayed: known.at(-1)!.minutesPlayed } };
}

function poisson(expected: number, random: () => number): number {
  const limit = Math.exp(-expected);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

export function mulberry(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
