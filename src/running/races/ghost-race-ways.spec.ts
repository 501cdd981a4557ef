import { describe, expect, it } from '@jest/globals';
import { LINES, runAlong } from '../../../test/factories/generated-tracks.js';
import { configOf, curveOf, pace, race, random, statesOf } from '../../../test/support/ghost-race-trial.js';
import type { Track } from '../geo/track.js';

// Races of somebody who leaves the route, is not seen on it, or turns round.

describe('beside the route', () => {
  it('the gap stands, and is live again after coming back', () => {
    const line = LINES.road(random(21));
    const curve = curveOf(runAlong(line, { pace }));
    const run = runAlong(line, { pace });
    const track = detour(run.track, 300, 400);
    const updates = race(configOf(curve), track);
    expect(statesOf(updates)).toEqual(['racing', 'off_route', 'rejoined', 'racing', 'finished']);
    const stale = updates.filter(({ gaps }) => gaps[0]!.isStale).map(({ gaps }) => gaps[0]!);
    expect(stale.length).toBeGreaterThan(50);
    expect(stale.every(({ confidence }) => confidence === 0)).toBe(true);
    expect(Math.abs(updates.at(-1)!.gaps[0]!.gapS!)).toBeLessThan(2);
  });

  it('a tunnel costs nothing but its length', () => {
    const line = LINES.road(random(22));
    const curve = curveOf(runAlong(line, { pace }));
    const run = runAlong(line, { pace, gaps: [{ fromS: 200, toS: 290 }] });
    const updates = race(configOf(curve), run.track);
    expect(statesOf(updates)).toEqual(['racing', 'finished']);
    for (const { gaps } of updates)
      if (gaps[0]!.gapS !== null) expect(Math.abs(gaps[0]!.gapS)).toBeLessThan(3);
  });

  it('going back is the wrong way, with no gap, until it is undone', () => {
    const line = LINES.road(random(23));
    const curve = curveOf(runAlong(line, { pace }));
    const forth = runAlong(line, { pace });
    const updates = race(configOf(curve), turnedBack(forth.track, 400, 60));
    expect(statesOf(updates)).toContain('wrong_way');
    expect(statesOf(updates).at(-1)).toBe('finished');
    for (const { state, gaps } of updates) if (state === 'wrong_way') expect(gaps[0]!.gapS).toBeNull();
  });
});

/** 150 m to the side between two moments. */
function detour(track: Track, fromS: number, toS: number): Track {
  const latDeg = track.latDeg.map((lat, index) => {
    const tS = track.tMs[index]! / 1000;
    const share = Math.min(1, Math.max(0, Math.min(tS - fromS, toS - tS) / 20));
    return lat + (share * 150) / 111_195;
  });
  return { ...track, latDeg };
}

/** Back for so long, and forth again. */
function turnedBack(track: Track, atS: number, forS: number): Track {
  const at = track.tMs.findIndex((ms) => ms >= atS * 1000);
  const order = [
    ...Array.from({ length: at }, (_, index) => index),
    ...Array.from({ length: forS }, (_, index) => at - index),
    ...Array.from({ length: track.length - at + forS }, (_, index) => at - forS + index),
  ];
  const pick = (column: Float64Array): Float64Array => Float64Array.from(order, (index) => column[index]!);
  return {
    ...track,
    length: order.length,
    tMs: Float64Array.from(order, (_, index) => index * 1000),
    latDeg: pick(track.latDeg),
    lonDeg: pick(track.lonDeg),
  };
}
