// Google's encoded polyline (developers.google.com/maps/documentation/utilities/polylinealgorithm), precision 5, which the original's app
// decodes: signed differences in groups of five bits, as printable text. Twenty lines, so no package.

const PRECISION = 1e5;

/** @param places [latDeg, lonDeg] */
export function encodePolyline(places: Iterable<readonly [number, number]>): string {
  const out: string[] = [];
  let lat = 0;
  let lon = 0;
  for (const [latDeg, lonDeg] of places) {
    const nextLat = Math.round(latDeg * PRECISION);
    const nextLon = Math.round(lonDeg * PRECISION);
    pushSigned(out, nextLat - lat);
    pushSigned(out, nextLon - lon);
    lat = nextLat;
    lon = nextLon;
  }
  return out.join('');
}

function pushSigned(out: string[], value: number): void {
  let rest = value < 0 ? ~(value << 1) : value << 1;
  while (rest >= 0x20) {
    out.push(String.fromCharCode((0x20 | (rest & 0x1f)) + 63));
    rest >>>= 5;
  }
  out.push(String.fromCharCode(rest + 63));
}

/** @returns [latDeg, lonDeg] to five places @throws RangeError for text that is none */
export function decodePolyline(text: string): [number, number][] {
  const places: [number, number][] = [];
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 5) {
      const group = text.charCodeAt(at) - 63;
      at += 1;
      if (!(group >= 0 && group < 64) || shift > 30) throw new RangeError('Not an encoded polyline');
      value |= (group & 0x1f) << shift;
      if (group < 0x20) return value & 1 ? ~(value >>> 1) : value >>> 1;
    }
  };
  let lat = 0;
  let lon = 0;
  while (at < text.length) {
    lat += next();
    lon += next();
    places.push([lat / PRECISION, lon / PRECISION]);
  }
  return places;
}
