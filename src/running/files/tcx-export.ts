import { escapeXml, EXPORT_PORTION, type ExportRun, isoOf, segmentsOf } from './export-run.js';
import type { Pause } from '../geo/track.js';

// TCX 2 as Garmin's devices write it: laps with their sums, a track for each stretch between pauses, cadence of one leg in the ActivityExtension. What
// comes back when it is read: times to the millisecond, places to 1e-7 degree, heights to the decimetre, distances to the centimetre, cadence to
// two steps, laps to the millisecond, pauses from the last point before to the first one after. The name is not in it (the format has none),
// the notes are. Where a pause ends a lap, the point before it is written again at the start of the next one, as devices do.

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
  xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2">
<Activities><Activity Sport="`;
const SPORTS = { run: 'Running', walk: 'Other', hike: 'Other', ride: 'Biking', other: 'Other' } as const;
const TRIGGERS = { manual: 'Manual', distance: 'Distance', time: 'Time', other: 'Manual' } as const;

interface Lap {
  readonly startMs: number;
  readonly endMs: number;
  readonly distanceM: number | null;
  readonly trigger: keyof typeof TRIGGERS;
}

/** In pieces of some hundred kilobytes at most. */
export function* tcxOf(run: ExportRun): Generator<string, void, undefined> {
  yield `${HEAD}${SPORTS[run.sport]}"><Id>${isoOf(run.startedAtMs)}</Id>\n`;
  const segments = segmentsOf(run.track, run.pauses);
  let segment = 0;
  let isFresh = true;
  for (const [index, lap] of lapsOf(run).entries()) {
    yield lapHead(run, lap, index === 0);
    let isOpen = false;
    for (; segment < segments.length; segment += 1) {
      const [first, last] = segments[segment]!;
      const from = firstWithin(run, first, last, index === 0 ? -Infinity : lap.startMs);
      const to = lastWithin(run, from, last, lap.endMs);
      if (from <= to) {
        // A pause lies between this stretch and what the lap before ended with.
        if (!isOpen && !isFresh && from === first && segment > 0) {
          yield `<Track>\n${pointOf(run, segments[segment - 1]![1])}</Track>\n`;
        }
        yield '<Track>\n';
        yield* pointsOf(run, from, to);
        yield '</Track>\n';
        isOpen = true;
        isFresh = false;
      }
      if (to < last) break;
    }
    yield '</Lap>\n';
  }
  const notes = run.notes === null ? '' : `<Notes>${escapeXml(run.notes)}</Notes>`;
  yield `${notes}</Activity></Activities>\n</TrainingCenterDatabase>\n`;
}

function lapsOf({ laps, track }: ExportRun): Lap[] {
  const endMs = track.tMs.at(-1) ?? 0;
  const all: Lap[] = [];
  for (const { endMs: markMs, distanceM, trigger } of laps) {
    const startMs = all.at(-1)?.endMs ?? 0;
    if (markMs > startMs && startMs < endMs)
      all.push({ startMs, endMs: Math.min(markMs, endMs), distanceM, trigger });
  }
  const startMs = all.at(-1)?.endMs ?? 0;
  if (all.length === 0 || startMs < endMs) all.push({ startMs, endMs, distanceM: null, trigger: 'manual' });
  return all;
}

function lapHead(run: ExportRun, lap: Lap, isFirst: boolean): string {
  const runningS = (lap.endMs - lap.startMs - pausedMs(run.pauses, lap)) / 1_000;
  const metres = lap.distanceM ?? Math.max(0, distanceAt(run, lap.endMs) - distanceAt(run, lap.startMs));
  // Calories are told of the whole run; the format wants them of each lap.
  const calories = isFirst ? Math.round(run.caloriesKcal ?? 0) : 0;
  return `<Lap StartTime="${isoOf(run.startedAtMs + lap.startMs)}"><TotalTimeSeconds>${runningS.toFixed(3)}</TotalTimeSeconds><DistanceMeters>${metres.toFixed(2)}</DistanceMeters><Calories>${calories}</Calories><Intensity>Active</Intensity><TriggerMethod>${TRIGGERS[lap.trigger]}</TriggerMethod>\n`;
}

function pausedMs(pauses: readonly Pause[], { startMs, endMs }: Lap): number {
  return pauses.reduce(
    (sum, { fromMs, toMs }) => sum + Math.max(0, Math.min(toMs, endMs) - Math.max(fromMs, startMs)),
    0,
  );
}

function distanceAt({ track, distanceM }: ExportRun, ms: number): number {
  let [low, high] = [0, track.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (track.tMs[middle]! <= ms) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : distanceM[low - 1]!;
}

/** The first point of the stretch behind a moment. */
function firstWithin({ track }: ExportRun, first: number, last: number, behindMs: number): number {
  let at = first;
  while (at <= last && track.tMs[at]! <= behindMs) at += 1;
  return at;
}

function lastWithin({ track }: ExportRun, first: number, last: number, untilMs: number): number {
  let at = first - 1;
  while (at < last && track.tMs[at + 1]! <= untilMs) at += 1;
  return at;
}

function* pointsOf(run: ExportRun, first: number, last: number): Generator<string, void, undefined> {
  for (let from = first; from <= last; from += EXPORT_PORTION) {
    let piece = '';
    for (let at = from; at <= Math.min(last, from + EXPORT_PORTION - 1); at += 1) piece += pointOf(run, at);
    yield piece;
  }
}

function pointOf({ track, startedAtMs }: ExportRun, at: number): string {
  const { latDeg, lonDeg } = track;
  const time = `<Time>${isoOf(startedAtMs + track.tMs[at]!)}</Time>`;
  const position = Number.isNaN(latDeg[at]!)
    ? ''
    : `<Position><LatitudeDegrees>${latDeg[at]!.toFixed(7)}</LatitudeDegrees><LongitudeDegrees>${lonDeg[at]!.toFixed(7)}</LongitudeDegrees></Position>`;
  const altitude = value('AltitudeMeters', track.altitudeM?.[at], 1);
  const distance = value('DistanceMeters', track.deviceDistanceM?.[at], 2);
  const beats = track.heartRateBpm?.[at] ?? Number.NaN;
  const heart = Number.isNaN(beats) ? '' : `<HeartRateBpm>${value('Value', beats, 0)}</HeartRateBpm>`;
  const steps = track.cadenceSpm?.[at] ?? Number.NaN;
  const cadence = Number.isNaN(steps)
    ? ''
    : `<Extensions><ns3:TPX>${value('ns3:RunCadence', steps / 2, 0)}</ns3:TPX></Extensions>`;
  return `<Trackpoint>${time}${position}${altitude}${distance}${heart}${cadence}</Trackpoint>\n`;
}

function value(tag: string, number: number | undefined, digits: number): string {
  return number === undefined || Number.isNaN(number) ? '' : `<${tag}>${number.toFixed(digits)}</${tag}>`;
}
