import { phoneDistance, PHONE_COUNT, type PhoneCodes } from './phones.js';

// What is heard of a name, as a noisy channel: each of its phones comes out as itself, as another one, or not at all, and others come in
// between. The probability that a name gives just what was heard, over all ways to lay the one along the other, compares names of any length
// fairly, which an edit distance with a guess at how to normalise it does not. Probabilities of the channel are counted in pairs of
// names and what a recogniser heard of them, by expectation maximisation (Ristad & Yianilos, "Learning string-edit distance", 1998);
// where pairs are few, phones that the mouth makes alike are taken for each other.

export interface SoundChannel {
  /** Probability that phone a comes out as b, at `a * PHONE_COUNT + b`. */
  readonly becomes: Float64Array;
  /** Probability that phone a is not heard. With `becomes` of a it sums to 1. */
  readonly lost: Float64Array;
  /** Probability that b is heard before the next phone, though it was not said. */
  readonly added: Float64Array;
}

export interface HeardPair {
  readonly said: PhoneCodes;
  readonly heard: PhoneCodes;
}

/** How fast likeness falls with distance, and how much is lost and added, before anything was counted. */
const FALL = 3.2;
const LOST = 0.12;
const ADDED = 0.15;
/** The counted pairs must be as many as this for a phone to outweigh what is supposed of it. */
const SUPPOSED_WEIGHT = 6;
const SUPPOSED_ADDED_WEIGHT = 2;
const ROUNDS = 8;
/** Probabilities below this are scaled up, or long texts would come to 0. */
const LEAST = 1e-80;

/** The channel as articulation alone lets one suppose it. */
export function supposedChannel(): SoundChannel {
  const becomes = new Float64Array(PHONE_COUNT * PHONE_COUNT);
  for (let said = 0; said < PHONE_COUNT; said += 1) {
    const row = becomes.subarray(said * PHONE_COUNT, (said + 1) * PHONE_COUNT);
    for (let heard = 0; heard < PHONE_COUNT; heard += 1)
      row[heard] = Math.exp(-FALL * phoneDistance(said, heard));
    scale(row, (1 - LOST) / sum(row));
  }
  return {
    becomes,
    lost: new Float64Array(PHONE_COUNT).fill(LOST),
    added: new Float64Array(PHONE_COUNT).fill(ADDED / PHONE_COUNT),
  };
}

/**
 * @returns natural logarithm of the probability that the name is heard so; -Infinity where it cannot be
 * Costs said x heard steps.
 */
export function heardLogLikelihood(channel: SoundChannel, said: PhoneCodes, heard: PhoneCodes): number {
  const { becomes, lost, added } = channel;
  const width = heard.length;
  let before = new Float64Array(width + 1);
  let now = new Float64Array(width + 1);
  let scaledBy = 0;
  before[0] = 1;
  for (let j = 1; j <= width; j += 1) before[j] = before[j - 1]! * added[heard[j - 1]!]!;
  for (const phone of said) {
    const row = phone * PHONE_COUNT;
    const isLost = lost[phone]!;
    let most = (now[0] = before[0]! * isLost);
    for (let j = 1; j <= width; j += 1) {
      const other = heard[j - 1]!;
      const value =
        before[j]! * isLost + before[j - 1]! * becomes[row + other]! + now[j - 1]! * added[other]!;
      now[j] = value;
      if (value > most) most = value;
    }
    if (most < LEAST) {
      scale(now, 1 / LEAST);
      scaledBy += Math.log(LEAST);
    }
    [before, now] = [now, before];
  }
  return Math.log(before[width]!) + scaledBy;
}

/** @param pairs of names and what was heard of them, not longer than some fifty phones each */
export function learnChannel(pairs: readonly HeardPair[]): SoundChannel {
  let channel = supposedChannel();
  for (let round = 0; round < ROUNDS; round += 1) channel = improved(channel, pairs);
  return channel;
}

interface Counts extends SoundChannel {
  places: number;
}

function improved(channel: SoundChannel, pairs: readonly HeardPair[]): SoundChannel {
  const counts: Counts = {
    becomes: new Float64Array(PHONE_COUNT * PHONE_COUNT),
    lost: new Float64Array(PHONE_COUNT),
    added: new Float64Array(PHONE_COUNT),
    places: 0,
  };
  for (const pair of pairs) count(channel, pair, counts);
  const next = supposedChannel();
  for (let said = 0; said < PHONE_COUNT; said += 1) {
    const row = said * PHONE_COUNT;
    const supposed = next.becomes.subarray(row, row + PHONE_COUNT);
    const counted = counts.becomes.subarray(row, row + PHONE_COUNT);
    const all = sum(counted) + counts.lost[said]! + SUPPOSED_WEIGHT;
    supposed.forEach((share, heard) => (supposed[heard] = (counted[heard]! + SUPPOSED_WEIGHT * share) / all));
    next.lost[said] = (counts.lost[said]! + SUPPOSED_WEIGHT * LOST) / all;
  }
  const all = counts.places + sum(counts.added) + SUPPOSED_ADDED_WEIGHT;
  next.added.forEach((share, heard) => {
    next.added[heard] = (counts.added[heard]! + SUPPOSED_ADDED_WEIGHT * share) / all;
  });
  return next;
}

/** Adds how often what became of what in this pair, each way to lay them along each other by its probability. */
function count(channel: SoundChannel, { said, heard }: HeardPair, counts: Counts): void {
  const { becomes, lost, added } = channel;
  const width = heard.length + 1;
  const forward = new Float64Array((said.length + 1) * width);
  const backward = new Float64Array((said.length + 1) * width);
  forward[0] = 1;
  for (let i = 0; i <= said.length; i += 1)
    for (let j = i === 0 ? 1 : 0; j < width; j += 1) {
      let value = 0;
      if (i > 0) value += forward[(i - 1) * width + j]! * lost[said[i - 1]!]!;
      if (i > 0 && j > 0)
        value += forward[(i - 1) * width + j - 1]! * becomes[said[i - 1]! * PHONE_COUNT + heard[j - 1]!]!;
      if (j > 0) value += forward[i * width + j - 1]! * added[heard[j - 1]!]!;
      forward[i * width + j] = value;
    }
  const total = forward[said.length * width + width - 1]!;
  if (!(total > 0)) return; // too long for its probability to be a number: it teaches nothing
  for (let i = said.length; i >= 0; i -= 1)
    for (let j = width - 1; j >= 0; j -= 1) {
      const here = i * width + j;
      if (i === said.length && j === width - 1) {
        backward[here] = 1;
        continue;
      }
      const share = forward[here]! / total;
      let value = 0;
      if (i < said.length) {
        const way = lost[said[i]!]! * backward[here + width]!;
        counts.lost[said[i]!]! += share * way;
        value += way;
      }
      if (i < said.length && j < width - 1) {
        const change = said[i]! * PHONE_COUNT + heard[j]!;
        const way = becomes[change]! * backward[here + width + 1]!;
        counts.becomes[change]! += share * way;
        value += way;
      }
      if (j < width - 1) {
        const way = added[heard[j]!]! * backward[here + 1]!;
        counts.added[heard[j]!]! += share * way;
        value += way;
      }
      backward[here] = value;
    }
  counts.places += said.length + 1;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function scale(values: Float64Array, factor: number): void {
  values.forEach((value, index) => (values[index] = value * factor));
}
