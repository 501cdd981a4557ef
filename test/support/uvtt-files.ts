import { crc32, deflateSync } from 'node:zlib';

// A small battle map as exporters write it, made here.

function chunk(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([head, named, check]);
}

/** A grey picture. Of a size that it does not have: its header says so, its pixels are as many as fit. */
export function aPng(width = 80, height = 60): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const pixels = Buffer.alloc(Math.min((width + 1) * height, 100_000));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export interface UvttFile {
  readonly resolution: {
    readonly map_origin: { x: number; y: number };
    readonly map_size: { x: number; y: number };
    readonly pixels_per_grid: number;
  };
  readonly [key: string]: unknown;
}

/** 8 x 6 cells with a wall, a pillar, a door and a light. */
export function aUvtt(): UvttFile {
  return {
    format: 0.3,
    resolution: { map_origin: { x: 0, y: 0 }, map_size: { x: 8, y: 6 }, pixels_per_grid: 10 },
    line_of_sight: [
      [
        { x: 0, y: 0 },
        { x: 8, y: 0 },
      ],
    ],
    objects_line_of_sight: [
      [
        { x: 2, y: 2 },
        { x: 3, y: 2 },
      ],
    ],
    portals: [
      {
        position: { x: 4, y: 0 },
        bounds: [
          { x: 3.5, y: 0 },
          { x: 4.5, y: 0 },
        ],
        rotation: 0,
        closed: true,
        freestanding: false,
      },
    ],
    environment: { baked_lighting: false, ambient_light: 'ffffffff' },
    lights: [{ position: { x: 1, y: 1 }, range: 3, intensity: 1, color: 'ffeccd8b', shadows: true }],
    image: aPng().toString('base64'),
  };
}
