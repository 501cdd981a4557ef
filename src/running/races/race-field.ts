import { gapToRival, LiveRival, type RivalGap } from './live-rival.js';
import type { RaceState } from './race-update.js';

// Everybody of a group race as this process has heard of them: by positions that are told in the race's room, from this process or another.

/** Whoever is not heard of for so long is shown as they were. */
const STALE_MS = 15_000;
/** What is told in the room of a runner of this process comes back for so long, behind what is known here already. */
const ECHO_MS = 2_000;

/** What of a position matters here. */
export interface FieldPosition {
  readonly who: number;
  readonly state: RaceState;
  /** Metres from the start line. */
  readonly along: number | null;
  /** Seconds since it. */
  readonly clock: number | null;
  /** By the device, milliseconds since 1970. */
  readonly at: number;
}

export interface RivalNow {
  readonly who: number;
  readonly state: RaceState;
  readonly gap: RivalGap;
  /** Nothing was heard of them for a while, and they have not finished. */
  readonly isStale: boolean;
}

interface Heard<Position> {
  readonly position: Position;
  readonly atMs: number;
}

export class RaceField<Position extends FieldPosition> {
  private readonly newest = new Map<number, Heard<Position>>();
  private readonly ways = new Map<number, LiveRival>();

  /** @param nowMs when it was heard, by this process's own clock */
  note(position: Position, nowMs: number): void {
    const { who, state, along, clock, at } = position;
    const known = this.newest.get(who);
    if (known !== undefined && at < known.position.at && nowMs - known.atMs < ECHO_MS) return;
    this.newest.set(who, { position, atMs: nowMs });
    if (along === null || clock === null) return;
    let way = this.ways.get(who);
    if (way === undefined) this.ways.set(who, (way = new LiveRival()));
    if (state === 'finished') way.finish(clock * 1_000, along);
    else way.advance(clock * 1_000, along);
  }

  /** Somebody whose whole way is known, such as from what is stored; what was heard meanwhile comes after it. */
  begin(who: number, way: LiveRival): void {
    this.ways.set(who, way);
    const heard = this.newest.get(who);
    if (heard !== undefined) this.note(heard.position, heard.atMs);
  }

  get positions(): readonly Position[] {
    return [...this.newest.values()].map(({ position }) => position);
  }

  /** The others against one of them, who have started. @param mine the way of the one, which is known exactly */
  rivalsOf(number: number, mine: LiveRival, nowMs: number): RivalNow[] {
    const rivals: RivalNow[] = [];
    for (const [who, way] of this.ways) {
      const gap = who === number ? null : gapToRival(mine, way);
      if (gap === null) continue;
      const heard = this.newest.get(who);
      const isStale = !way.isOver && (heard === undefined || nowMs - heard.atMs > STALE_MS);
      rivals.push({ who, state: heard?.position.state ?? 'racing', gap, isStale });
    }
    return rivals;
  }
}
