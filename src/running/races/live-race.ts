import type { Fix } from '../recordings/fix.js';
import type { RunEvent } from '../recordings/fold-run.js';
import type { GhostRace } from './ghost-race.js';
import type { RaceUpdate } from './race-update.js';
import { LiveRival } from './live-rival.js';

// A race as it is followed while it is run. It is a function of the fixes and presses in the order of the device's numbers, so whoever has
// what is stored of the run has the race: another process, or this one after it was killed, replays it and goes on. A fix that
// comes late is stored and counts for the official result; here it has had its moment.

export class LiveRace {
  private newest: { fix: Fix; update: RaceUpdate } | null = null;
  private seq = 0;

  /** @param way for rivals, and for the own side of gaps to them; null where there are none, since it grows with the run */
  constructor(
    private readonly race: GhostRace,
    readonly way: LiveRival | null,
  ) {}

  static start(race: GhostRace, { isGroup }: { readonly isGroup: boolean }): LiveRace {
    return new LiveRace(race, isGroup ? new LiveRival() : null);
  }

  /** The newest fix that counted, and what it made. */
  get last(): { readonly fix: Fix; readonly update: RaceUpdate } | null {
    return this.newest;
  }

  /** @returns null for a fix that came late, or says nothing */
  take(fix: Fix): RaceUpdate | null {
    if (fix.seq <= this.seq) return null;
    this.seq = fix.seq;
    const update = this.race.take({
      tMs: fix.atMs,
      latDeg: fix.latDeg,
      lonDeg: fix.lonDeg,
      accuracyM: told(fix.accuracyM),
      speedMps: told(fix.speedMps),
    });
    if (update === null) return null;
    this.newest = { fix, update };
    this.goOn(update);
    return update;
  }

  /** @returns null for a lap, which is none of the race's */
  press({ kind, atMs }: RunEvent): RaceUpdate | null {
    if (kind === 'lap') return null;
    return this.noted(kind === 'pause' ? this.race.pause(atMs) : this.race.resume(atMs));
  }

  /** The run is over. */
  finish(atMs: number): RaceUpdate {
    return this.noted(this.race.finish(atMs));
  }

  /** Everything that is stored of the run. @param fixes in the order of their numbers @param events in the order of their times */
  replay(fixes: Iterable<Fix>, events: readonly RunEvent[]): void {
    let next = 0;
    for (const fix of fixes) {
      for (; next < events.length && events[next]!.atMs <= fix.atMs; next += 1) this.press(events[next]!);
      this.take(fix);
    }
    for (; next < events.length; next += 1) this.press(events[next]!);
  }

  private noted(update: RaceUpdate): RaceUpdate {
    if (this.newest !== null) this.newest = { fix: this.newest.fix, update };
    this.goOn(update);
    return update;
  }

  private goOn({ clockMs, gaps, state }: RaceUpdate): void {
    const alongM = gaps[0]?.alongM ?? null;
    if (alongM === null || clockMs === null) return;
    if (state === 'finished') this.way?.finish(clockMs, alongM);
    else this.way?.advance(clockMs, alongM);
  }
}

function told(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
