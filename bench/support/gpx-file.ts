import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { randomOf } from './random-data.js';

export interface GpxFile {
  readonly path: string;
  readonly points: number;
  readonly sizeBytes: number;
}

const PORTION = 5_000;
const START_MS = Date.UTC(2024, 0, 1);

/**
 * A run as Garmin Connect writes it, a point a second with height, heart rate and cadence, along a way that winds; every thousandth place is off by
 * a kilometre and every 20,000th second the watch stops for a minute, so that cleaning has something to do.
 */
export async function writeGpxFile(path: string, points: number, seed: number): Promise<GpxFile> {
  const random = randomOf(seed, 0);
  const file = createWriteStream(path);
  let sizeBytes = 0;
  const write = async (text: string): Promise<void> => {
    sizeBytes += Buffer.byteLength(text);
    if (!file.write(text)) await once(file, 'drain');
  };
  await write(
    '<?xml version="1.0" encoding="UTF-8"?>\n<gpx creator="Garmin Connect" version="1.1" xmlns="http://www.topografix.com/GPX/1/1" xmlns:ns3="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">\n  <trk>\n    <name>A long way</name>\n    <type>running</type>\n    <trkseg>\n',
  );
  let [lat, lon, heading, atMs, altitude] = [48.2, 16.37, 0, START_MS, 200];
  for (let from = 0; from < points; from += PORTION) {
    let text = '';
    for (let at = from; at < Math.min(points, from + PORTION); at += 1) {
      heading += (random.uniform() - 0.5) * 0.2;
      lat += (Math.cos(heading) * 3) / 111_195;
      lon += (Math.sin(heading) * 3) / 74_000;
      // The way turns back before it leaves the country.
      if (Math.abs(lat - 48.2) > 1 || Math.abs(lon - 16.37) > 1) heading += Math.PI;
      altitude += (random.uniform() - 0.5) * 0.4;
      atMs += at % 20_000 === 19_999 ? 60_000 : 1_000;
      const off = at % 1_000 === 500 ? 0.01 : 0;
      text += `      <trkpt lat="${(lat + off).toFixed(7)}" lon="${lon.toFixed(7)}">\n        <ele>${altitude.toFixed(1)}</ele>\n        <time>${new Date(atMs).toISOString()}</time>\n        <extensions>\n          <ns3:TrackPointExtension>\n            <ns3:hr>${120 + Math.floor(random.uniform() * 50)}</ns3:hr>\n            <ns3:cad>${80 + Math.floor(random.uniform() * 10)}</ns3:cad>\n          </ns3:TrackPointExtension>\n        </extensions>\n      </trkpt>\n`;
    }
    await write(text);
  }
  await write('    </trkseg>\n  </trk>\n</gpx>\n');
  file.end();
  await once(file, 'close');
  return { path, points, sizeBytes };
}
