import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';

/** A GPX file of somebody who runs north, a point a second. @param startedAtMs Unix milliseconds */
export function aGpxFile(
  startedAtMs: number,
  seconds = 60,
  more: { name?: string; latDeg?: number; speedMps?: number } = {},
): Buffer {
  const { name = 'Morning run', latDeg = 48.2, speedMps = 3 } = more;
  const points = Array.from({ length: seconds + 1 }, (_, second) => {
    const lat = (latDeg + (second * speedMps) / 111_195).toFixed(7);
    return `<trkpt lat="${lat}" lon="16.37"><ele>200</ele><time>${new Date(startedAtMs + second * 1_000).toISOString()}</time></trkpt>`;
  });
  return Buffer.from(
    `<?xml version="1.0"?><gpx version="1.1" creator="test"><trk><name>${name}</name><type>run</type><trkseg>${points.join('')}</trkseg></trk></gpx>`,
  );
}

/** Files by name; a name that ends in / is a folder. Names that yazl would not write are put in afterwards, byte by byte. */
export async function aZipOf(files: Readonly<Record<string, Buffer>>): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  const stand = (name: string): string =>
    name.replaceAll('..', '__').replace(/^\//, '_').replaceAll('\\', '_');
  for (const [name, content] of Object.entries(files))
    if (name.endsWith('/')) zip.addEmptyDirectory(stand(name));
    else zip.addBuffer(content, stand(name));
  zip.end();
  let bytes: Buffer = await buffer(zip.outputStream);
  for (const name of Object.keys(files).filter((each) => stand(each) !== each))
    bytes = Buffer.from(bytes.toString('latin1').replaceAll(stand(name), name), 'latin1');
  return bytes;
}
