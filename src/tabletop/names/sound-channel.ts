import { FIRST_OF_WORD, phoneDistance, PHONE_COUNT, type PhoneCodes, phoneOf } from './phones.js';
import { WORDS_LEFT_OUT, WordsAhead } from './left-out-words.js';

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
  return new HeardLikeness(channel, heard).of(said, 0, said.length);
}

/** Compares what was heard with many names. */
export class HeardLikeness {
  private readonly width: number;
  private readonly rows: [Float64Array, Float64Array];
  /** At `phone * width + j`: how likely a phone of a name comes out as the one that was heard at place j. */
  private readonly becomes: Float64Array;
  private readonly added: Float64Array;
  private readonly ahead: WordsAhead;
  /** By how many phones of a name are left, as far as it was needed, see `restOf`. */
  private readonly rests: Float64Array[] = [];

  constructor(
    private readonly channel: SoundChannel,
    heard: PhoneCodes,
  ) {
    const width = heard.length + 1;
    this.width = width;
    this.rows = [new Float64Array(width), new Float64Array(width)];
    this.added = new Float64Array(width);
    this.becomes = new Float64Array(PHONE_COUNT * width);
    for (let j = 1; j < width; j += 1) {
      const phone = phoneOf(heard[j - 1]!);
      this.added[j] = channel.added[phone]!;
      for (let said = 0; said < PHONE_COUNT; said += 1)
        this.becomes[said * width + j] = channel.becomes[said * PHONE_COUNT + phone]!;
    }
    const mostAdded = this.added.reduce((most, share) => Math.max(most, share), 0);
    this.ahead = new WordsAhead(heard.length, mostAdded, FIRST_OF_WORD);
  }

  /**
   * @param codes phones of many names @param from, to where the name stands among them
   * @param least where the result is below it, it may be -Infinity, which costs less
   */
  of(codes: PhoneCodes, from: number, to: number, least = -Infinity): number {
    const { width, added, becomes } = this;
    const { lost } = this.channel;
    let [before, now] = this.rows;
    let scaledBy = 0;
    let limit = Math.exp(least);
    before[0] = 1;
    for (let j = 1; j < width; j += 1) before[j] = before[j - 1]! * added[j]!;
    let ended = 0;
    let unit = 1;
    for (let i = from; i < to; i += 1) {
      if (i > from && codes[i]! >= FIRST_OF_WORD) {
        ended += before[width - 1]! * WORDS_LEFT_OUT;
        before[0]! += unit * WORDS_LEFT_OUT;
      }
      const phone = phoneOf(codes[i]!);
      const row = phone * width;
      const isLost = lost[phone]!;
      let back = before[0]!;
      let left = (now[0] = back * isLost);
      let sum = left;
      const rest = this.restOf(to - i - 1);
      let most = left * rest[0]!;
      for (let j = 1; j < width; j += 1) {
        const here = before[j]!;
        left = here * isLost + back * becomes[row + j]! + left * added[j]!;
        back = here;
        now[j] = left;
        sum += left;
        most += left * rest[j]!;
      }
      if (most < limit && most + ended + this.ahead.sum(codes, i + 1, to, unit, sum) < limit)
        return -Infinity;
      if (sum < LEAST) {
        scale(now, 1 / LEAST);
        ended /= LEAST;
        unit /= LEAST;
        limit /= LEAST;
        scaledBy += Math.log(LEAST);
      }
      [before, now] = [now, before];
    }
    return Math.log(before[width - 1]! + ended) + scaledBy;
  }

  /** @param count phones of a name @returns by place what comes of them and of what was heard from there on, at most: whichever phones they are */
  private restOf(count: number): Float64Array {
    for (let made = this.rests.length; made <= count; made += 1)
      this.rests.push(this.makeRest(this.rests[made - 1]));
    return this.rests[count]!;
  }

  private makeRest(fewer: Float64Array | undefined): Float64Array {
    const { width, added, becomes, channel } = this;
    const rest = new Float64Array(width);
    for (let j = width - 1; j >= 0; j -= 1) {
      let most = fewer === undefined && j === width - 1 ? 1 : 0;
      if (fewer !== undefined)
        for (let phone = 0; phone < PHONE_COUNT; phone += 1) {
          const heard = j + 1 < width ? becomes[phone * width + j + 1]! * fewer[j + 1]! : 0;
          most = Math.max(most, heard + channel.lost[phone]! * fewer[j]!);
        }
      rest[j] = most + (j + 1 < width ? added[j + 1]! * rest[j + 1]! : 0);
    }
    return rest;
  }
}

/** @param pairs of names and what was heard of them, not longer than some fifty phones each */
export function learnChannel(marked: readonly HeardPair[]): SoundChannel {
  const pairs = marked.map(({ said, heard }) => ({ said: said.map(phoneOf), heard: heard.map(phoneOf) }));
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
