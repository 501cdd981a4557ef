import type { RaceState } from './race-update.js';
import { gapToRival, RivalTrail } from './rival-trail.js';

// Everybody of a group race as this process has heard of them: by positions that are told in the race's room, from this process or another.

/** What of a position matters here. */
export interface FieldPosition {
  readonly who: number;
  readonly state: RaceState;
  readonly along: number | null;
  readonly clock: number | null;
}

export class RaceField<Position extends FieldPosition> {
  private readonly newest = new Map<number, Position>();
  private readonly trails = new Map<number, RivalTrail>();

  note(position: Position): void {
    this.newest.set(position.who, position);
    const { who, along, clock } = position;
    if (along === null || clock === null) return;
    let trail = this.trails.get(who);
    if (trail === undefined) this.trails.set(who, (trail = new RivalTrail()));
    trail.push(along, clock);
  }

  /** Somebody whose whole way is known, such as from what is stored. What was heard meanwhile comes after it. */
  begin(who: number, trail: RivalTrail): void {
    const { last } = this.trails.get(who) ?? { last: null };
    if (last !== null) trail.push(last.alongM, last.clockS);
    this.trails.set(who, trail);
  }

  get positions(): readonly Position[] {
    return [...this.newest.values()];
  }

  /** The others against one of them, who have started. @param mine the way of the one, which is known exactly */
  rivalsOf(number: number, mine: RivalTrail) {
    const rivals: { who: number; state: RaceState; gap: NonNullable<ReturnType<typeof gapToRival>> }[] = [];
    for (const [who, trail] of this.trails) {
      const gap = who === number ? null : gapToRival(mine, trail);
      if (gap !== null) rivals.push({ who, state: this.newest.get(who)?.state ?? 'racing', gap });
    }
    return rivals;
  }
}
