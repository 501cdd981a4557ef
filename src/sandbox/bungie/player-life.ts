import { mixed32, randomFrom } from '../random.js';
import type { Catalyst } from './catalyst-set.js';

// How a made-up player plays: in sessions of the evening, in steps of five minutes, with one exotic weapon in use at a time. A catalyst is
// found, then its objectives grow at a rate of its own with noise, then it is complete and, a session later, redeemed. All of it
// follows from the seed and the time alone: advancing by a year or by 10,000 small steps gives the same player.

const SLOT_MS = 300_000;
const DAY_MS = 86_400_000;
const SLOTS_PER_DAY = DAY_MS / SLOT_MS;

export interface LifeOptions {
  readonly seed: number;
  readonly catalysts: readonly Catalyst[];
  /** Start of the story; what lies before it is drawn. */
  readonly bornMs: number;
  /** Never plays: nothing ever changes. */
  readonly isIdle?: boolean;
  /** 0 to 1: of the evenings, on how many there is play. */
  readonly diligence?: number;
}

export type CatalystStage = 'not-found' | 'in-progress' | 'complete' | 'redeemed' | 'unavailable' | 'hidden';

export interface CatalystLife {
  readonly catalyst: Catalyst;
  /** Of its weapon alone, hours of play with it until it is complete; the truth that estimates are held against. */
  readonly hoursNeeded: number;
  stage: CatalystStage;
  /** Of each objective. */
  progress: number[];
  foundAtMs: number | null;
  completedAtMs: number | null;
}

export class PlayerLife {
  readonly catalysts: CatalystLife[];
  minutesPlayed: number;
  sessionMinutes = 0;
  lastPlayedMs: number;
  /** The exotic weapon in use. */
  focus: CatalystLife | undefined;
  private day: number;
  private plan: readonly Slot[];
  private next = 0;

  constructor(private readonly options: LifeOptions) {
    const { seed, catalysts, bornMs } = options;
    const random = randomFrom(mixed32(seed ^ 0x51ed));
    this.minutesPlayed = 3_000 + Math.floor(random() * 60_000);
    this.lastPlayedMs = bornMs - Math.floor(random() * DAY_MS);
    this.catalysts = catalysts.map((catalyst) => before(catalyst, seed, bornMs));
    this.focus = this.catalysts.find(({ stage }) => stage === 'in-progress');
    this.day = Math.floor(bornMs / DAY_MS);
    this.plan = this.planOf(this.day);
  }

  /** Same player at the same moment as one that was born and advanced anew; time does not go back. */
  advanceTo(nowMs: number): void {
    if (this.options.isIdle === true) return;
    for (;;) {
      const slot = this.plan[this.next];
      if (slot === undefined) {
        if ((this.day + 1) * DAY_MS > nowMs) return;
        this.day += 1;
        this.plan = this.planOf(this.day);
        this.next = 0;
      } else {
        if (slot.endMs > nowMs) return;
        if (slot.endMs - SLOT_MS >= this.options.bornMs) this.play(slot);
        this.next += 1;
      }
    }
  }

  /** This player at another moment. */
  at(nowMs: number): PlayerLife {
    const other = new PlayerLife(this.options);
    other.advanceTo(nowMs);
    return other;
  }

  private planOf(day: number): Slot[] {
    const random = randomFrom(mixed32(this.options.seed ^ mixed32(day)));
    const sessions: Slot[] = [];
    const isPlaying = random() < (this.options.diligence ?? 0.35 + 0.6 * draw(this.options.seed, 7));
    if (!isPlaying) return [];
    // 15:00 to 20:00 UTC, 20 to 200 minutes: never beyond midnight.
    const first = 180 + Math.floor(random() * 60);
    const length = 4 + Math.floor(random() * 36);
    for (let index = 0; index < length; index += 1) {
      const number = day * SLOTS_PER_DAY + first + index;
      sessions.push({ number, endMs: (number + 1) * SLOT_MS, isFirst: index === 0 });
    }
    return sessions;
  }

  private play({ number, endMs, isFirst }: Slot): void {
    const random = randomFrom(mixed32(this.options.seed ^ mixed32(number ^ 0x5bd1e995)));
    this.sessionMinutes = isFirst ? 5 : this.sessionMinutes + 5;
    this.minutesPlayed += 5;
    this.lastPlayedMs = endMs;
    if (isFirst) this.beginSession(random, endMs);
    if (this.focus?.stage !== 'in-progress') this.takeUpAnother(random);
    const focus = this.focus;
    if (focus?.stage !== 'in-progress') return;
    focus.progress = focus.catalyst.objectives.map(({ text, target }, index) => {
      const before = focus.progress[index]!;
      if (before >= target) return before;
      if (isInsertion(text)) return 2 * target;
      const perSlot = target / ((focus.hoursNeeded * 3_600_000) / SLOT_MS);
      const grown = perSlot * paceOf(focus.catalyst, index) * Math.exp(gauss(random) * 0.5 - 0.125);
      return before + Math.floor(grown) + (random() < grown % 1 ? 1 : 0);
    });
    if (!isFull(focus)) return;
    focus.stage = 'complete';
    focus.completedAtMs = endMs;
  }

  private beginSession(random: () => number, nowMs: number): void {
    for (const one of this.catalysts) if (one.stage === 'complete') one.stage = 'redeemed';
    const missing = this.catalysts.filter(({ stage }) => stage === 'not-found');
    const isLucky = random() < 0.3;
    const found = missing[Math.floor(random() * missing.length)];
    if (isLucky && found !== undefined) {
      found.stage = 'in-progress';
      found.foundAtMs = nowMs;
    }
    if (random() < 0.25) this.takeUpAnother(random);
  }

  /** With nothing left to do one goes on with the weapon in hand. */
  private takeUpAnother(random: () => number): void {
    const open = this.catalysts.filter(({ stage }) => stage === 'in-progress');
    this.focus = open[Math.floor(random() * open.length)] ?? this.focus;
  }
}

interface Slot {
  readonly number: number;
  readonly endMs: number;
  readonly isFirst: boolean;
}

/** What a player has brought into the story. */
function before(catalyst: Catalyst, seed: number, bornMs: number): CatalystLife {
  const random = randomFrom(mixed32(seed ^ mixed32(catalyst.recordHash)));
  const hoursNeeded = Math.min(30, Math.max(0.7, 4 * Math.exp(gauss(random) * 0.7)));
  const fate = random();
  const stage: CatalystStage =
    fate < 0.25
      ? 'redeemed'
      : fate < 0.52
        ? 'in-progress'
        : fate < 0.92
          ? 'not-found'
          : fate < 0.97
            ? 'unavailable'
            : 'hidden';
  const share = random();
  const progress = catalyst.objectives.map(({ text, target }, index) => {
    if (stage === 'redeemed') return isInsertion(text) ? 2 * target : target + Math.floor(random() * 9);
    if (stage !== 'in-progress') return 0;
    // The slowest objective is behind the rest, and nothing is complete before the story begins.
    return isInsertion(text) ? 2 * target : Math.floor(target * 0.9 * share * paceOf(catalyst, index));
  });
  const isFound = stage === 'redeemed' || stage === 'in-progress';
  return {
    catalyst,
    hoursNeeded,
    stage,
    progress,
    foundAtMs: isFound ? bornMs : null,
    completedAtMs: stage === 'redeemed' ? bornMs : null,
  };
}

/** Objectives beside the first go a little slower, each by its own factor. */
function paceOf({ recordHash, objectives }: Catalyst, index: number): number {
  const first = objectives.findIndex(({ text }) => !isInsertion(text));
  return index <= first ? 1 : 0.75 + 0.25 * draw(recordHash, index);
}

function isFull({ catalyst, progress }: CatalystLife): boolean {
  return catalyst.objectives.every(({ target }, index) => progress[index]! >= target);
}

function isInsertion(text: string): boolean {
  return text.startsWith('Insert');
}

function draw(seed: number, salt: number): number {
  return mixed32(seed ^ mixed32(salt)) / 4_294_967_296;
}

/** Standard normal by Box and Muller. */
function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
