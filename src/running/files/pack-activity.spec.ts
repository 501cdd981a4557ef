import { describe, expect, it } from '@jest/globals';
import { steadyTrack } from '../../../test/support/tracks.js';
import { analyseRun } from '../analysis/analyse-run.js';
import { summariseTrack } from '../analysis/track-summary.js';
import { PORTION_POINTS } from '../geo/portions.js';
import type { Track } from '../geo/track.js';
import { asStored, decodeTrack } from '../runs/track-codec.js';
import { packActivity } from './pack-activity.js';
import { NO_TOTALS, type ParsedActivity } from './parsed-activity.js';

const activityOf = (track: Track): ParsedActivity => ({
  startedAtMs: Date.UTC(2026, 2, 1, 8),
  sport: 'run',
  track,
  pauses: [],
  laps: [],
  deviceTotals: NO_TOTALS,
  name: null,
  notes: null,
  corrections: [],
});

/** What a rule comes to, and how often it would have let others go on. */
function counted<T>(work: Generator<void, T>): { result: T; turns: number } {
  for (let turns = 0; ; turns += 1) {
    const next = work.next();
    if (next.done === true) return { result: next.value, turns };
  }
}

const told = () => ({ altitudeM: 200, heartRateBpm: 150, cadenceSpm: 170 });
const pack = (track: Track) => packActivity('ada', 'a-digest', activityOf(track));

describe('a run of an activity', () => {
  it('is what is read back, with its figures', () => {
    const track = steadyTrack(600, 3, told);
    const { result } = counted(pack(track));
    expect(decodeTrack(result.points)).toEqual(asStored(track));
    expect(result).toMatchObject({ source: 'imported', externalId: 'a-digest', pointCount: track.length });
    expect(result.summary).toEqual(summariseTrack(asStored(track), []));
  });

  it('lets others go on after every column and every portion of a loop, and so does its analysis', () => {
    const [short, long] = [steadyTrack(60, 3, told), steadyTrack(PORTION_POINTS + 10, 3, told)];
    const columns = 6;
    expect(counted(pack(short)).turns).toBeGreaterThan(2 * columns);
    expect(counted(analyseRun(short, [])).turns).toBeGreaterThan(2 * columns);
    // The same steps; what is more comes from the loops.
    expect(counted(pack(long)).turns - counted(pack(short)).turns).toBe(2);
    expect(counted(analyseRun(long, [])).turns - counted(analyseRun(short, [])).turns).toBe(4);
  });
});
