import type { Track } from '../geo/track.js';
import type { Sport } from './parsed-activity.js';
import { stepM } from './stretch-figures.js';

// What a file calls a sport is free text in GPX, one of three words in TCX and a number in FIT. Where it says nothing that we know, the
// speeds tell: files of runners' watches without a type are common.

const WORDS: readonly [RegExp, Sport][] = [
  [/run|jog|lauf|trail|treadmill|track_me/i, 'run'],
  [/hik|trek|mountaineer|wander/i, 'hike'],
  [/walk/i, 'walk'],
  [/rid(e|ing)|cycl|bik|mtb/i, 'ride'],
  [
    /swim|row|paddl|kayak|canoe|ski|skat|snow|sail|surf|driv|motor|fly|golf|tennis|yoga|gym|strength/i,
    'other',
  ],
];

/** Numbers that Strava writes as a GPX type. */
const NUMBERS: Readonly<Record<string, Sport>> = { 1: 'ride', 4: 'hike', 9: 'run', 10: 'walk' };

/** @returns null where the text says nothing that we know */
export function sportOfText(text: string): Sport | null {
  const word = text.trim();
  return NUMBERS[word] ?? WORDS.find(([pattern]) => pattern.test(word))?.[1] ?? null;
}

/** FIT's profile: running, cycling, walking, hiking, e-biking; `generic` says nothing. */
const FIT_SPORTS: Readonly<Record<number, Sport>> = {
  1: 'run',
  2: 'ride',
  11: 'walk',
  17: 'hike',
  21: 'ride',
};

export function sportOfFit(number: number | null): Sport | null {
  return number === null || number === 0 ? null : (FIT_SPORTS[number] ?? 'other');
}

const STANDING_MPS = 0.5;
const LONGEST_STEP_MS = 60_000;
const MOST_SAMPLES = 4_096;

/** Medians of moving speeds up to which somebody walks, runs and rides; a world record over a mile is 7.2 m/s. */
const WALKS_MPS = 1.7;
const RUNS_MPS = 7;
const RIDES_MPS = 20;

/** By the median speed while moving; a run where nothing moves. */
export function sportBySpeed(track: Track): Sport {
  const speeds: number[] = [];
  const stride = Math.max(1, Math.floor(track.length / MOST_SAMPLES));
  for (let at = 1; at < track.length; at += stride) {
    const durationMs = track.tMs[at]! - track.tMs[at - 1]!;
    const speed = lengthM(track, at) / (durationMs / 1_000);
    if (durationMs <= LONGEST_STEP_MS && speed >= STANDING_MPS) speeds.push(speed);
  }
  const median = speeds.sort((a, b) => a - b)[speeds.length >> 1] ?? WALKS_MPS;
  if (median < WALKS_MPS) return 'walk';
  if (median < RUNS_MPS) return 'run';
  return median < RIDES_MPS ? 'ride' : 'other';
}

function lengthM(track: Track, at: number): number {
  const device = track.deviceDistanceM;
  const byDevice = device ? device[at]! - device[at - 1]! : Number.NaN;
  return Number.isNaN(byDevice) ? stepM(track, at - 1, at) : byDevice;
}
