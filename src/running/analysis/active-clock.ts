// A run has two clocks: the one on the wall, and the watch that stands still in a pause. Rules that ask "how fast" use the second.
import type { Pause } from '../geo/track.js';

/** The same stretches in order of time, without overlaps and empty ones, none beginning before the run. */
export function orderedPauses(pauses: readonly Pause[]): Pause[] {
  const ordered: { fromMs: number; toMs: number }[] = [];
  for (const pause of [...pauses].sort((a, b) => a.fromMs - b.fromMs)) {
    const fromMs = Math.max(0, pause.fromMs);
    if (!(pause.toMs > fromMs)) continue;
    const last = ordered.at(-1);
    if (last !== undefined && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, pause.toMs);
    else ordered.push({ fromMs, toMs: pause.toMs });
  }
  return ordered;
}

/**
 * What the watch shows at each moment: milliseconds since the run's start without those in pauses.
 * @param tMs ascending
 */
export function activeClock(tMs: Float64Array, pauses: readonly Pause[]): Float64Array {
  const active = Float64Array.from(tMs);
  const ordered = orderedPauses(pauses);
  let next = 0;
  let pausedMs = 0;
  for (let index = 0; index < tMs.length; index++) {
    const at = tMs[index]!;
    while (next < ordered.length && ordered[next]!.toMs <= at) {
      pausedMs += ordered[next]!.toMs - ordered[next]!.fromMs;
      next += 1;
    }
    const open = next < ordered.length ? Math.max(0, at - ordered[next]!.fromMs) : 0;
    active[index] = at - pausedMs - open;
  }
  return active;
}
