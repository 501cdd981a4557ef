import { escapeXml, EXPORT_PORTION, type ExportRun, isoOf, segmentsOf } from './export-run.js';

// GPX 1.1 with heart rate and cadence as Garmin's TrackPointExtension has them, distance as Cluetrust's GPXDATA. What comes back when it is
// read: times to the millisecond, places to 1e-7 degree, heights and distances to the decimetre, cadence to two steps (the schema counts whole steps
// of one leg), pauses from the last point before to the first one after. Points without a place, and points within a pause, are not in it, nor
// are laps and calories: the format has no words for them.

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Guildhall" xmlns="http://www.topografix.com/GPX/1/1"
  xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1" xmlns:gpxdata="http://www.cluetrust.com/XML/GPXDATA/1/0">
`;
const TYPES = { run: 'running', walk: 'walking', hike: 'hiking', ride: 'cycling', other: 'other' } as const;

/** In pieces of some hundred kilobytes at most. */
export function* gpxOf(run: ExportRun): Generator<string, void, undefined> {
  const { track, pauses } = run;
  yield `${HEAD}<metadata><time>${isoOf(run.startedAtMs)}</time></metadata>\n<trk>${told('name', run.name)}${told('desc', run.notes)}<type>${TYPES[run.sport]}</type>\n`;
  for (const [first, last] of segmentsOf(track, pauses)) {
    yield '<trkseg>\n';
    for (let from = first; from <= last; from += EXPORT_PORTION) {
      let piece = '';
      for (let at = from; at <= Math.min(last, from + EXPORT_PORTION - 1); at += 1) piece += pointOf(run, at);
      yield piece;
    }
    yield '</trkseg>\n';
  }
  yield '</trk>\n</gpx>\n';
}

function pointOf({ track, startedAtMs }: ExportRun, at: number): string {
  const { latDeg, lonDeg } = track;
  if (Number.isNaN(latDeg[at]!)) return '';
  const sensors = [
    value('gpxtpx:hr', track.heartRateBpm?.[at], 0),
    value('gpxtpx:cad', half(track.cadenceSpm?.[at]), 0),
  ].join('');
  const extension =
    sensors === '' ? '' : `<gpxtpx:TrackPointExtension>${sensors}</gpxtpx:TrackPointExtension>`;
  const extensions = `${extension}${value('gpxdata:distance', track.deviceDistanceM?.[at], 1)}`;
  const wrapped = extensions === '' ? '' : `<extensions>${extensions}</extensions>`;
  const altitude = value('ele', track.altitudeM?.[at], 1);
  const time = `<time>${isoOf(startedAtMs + track.tMs[at]!)}</time>`;
  return `<trkpt lat="${latDeg[at]!.toFixed(7)}" lon="${lonDeg[at]!.toFixed(7)}">${altitude}${time}${wrapped}</trkpt>\n`;
}

function half(spm: number | undefined): number | undefined {
  return spm === undefined ? undefined : spm / 2;
}

function value(tag: string, number: number | undefined, digits: number): string {
  return number === undefined || Number.isNaN(number) ? '' : `<${tag}>${number.toFixed(digits)}</${tag}>`;
}

function told(tag: string, text: string | null): string {
  return text === null ? '' : `<${tag}>${escapeXml(text)}</${tag}>`;
}
