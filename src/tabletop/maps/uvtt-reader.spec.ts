import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { aPng, aUvtt } from '../../../test/support/uvtt-files.js';
import { outlineJson } from './json-outline.js';
import { readPictureHeader } from './picture-header.js';
import { readUvtt, type UvttReading } from './uvtt-reader.js';

const bytesOf = (file: object | string) =>
  Buffer.from(typeof file === 'string' ? file : JSON.stringify(file));
const read = (change: object = {}) => readUvtt(bytesOf({ ...aUvtt(), ...change }));
const mapOf = (reading: UvttReading) => {
  if (reading.fault !== null) throw new Error(`${reading.fault}: ${reading.detail}`);
  return reading.map;
};
const notesOf = (reading: UvttReading) => (reading.fault === null ? reading.notes : []);

describe('a battle map', () => {
  it('comes with walls, portals and lights in cells from its corner', () => {
    const reading = read();
    expect(notesOf(reading)).toEqual([]);
    expect(mapOf(reading)).toMatchObject({
      cellPx: 10,
      columns: 8,
      rows: 6,
      picture: { mediaType: 'image/png', widthPx: 80, heightPx: 60 },
      walls: [
        {
          isObject: false,
          points: [
            { x: 0, y: 0 },
            { x: 8, y: 0 },
          ],
        },
        {
          isObject: true,
          points: [
            { x: 2, y: 2 },
            { x: 3, y: 2 },
          ],
        },
      ],
      portals: [{ position: { x: 4, y: 0 }, isClosed: true, isFreestanding: false }],
      lights: [{ position: { x: 1, y: 1 }, range: 3, color: 'ffeccd8b', castsShadows: true }],
      isLit: false,
      ambientLight: 'ffffffff',
    });
  });

  it('moves with its origin', () => {
    const { resolution } = aUvtt();
    const { walls } = mapOf(read({ resolution: { ...resolution, map_origin: { x: 2, y: 1 } } }));
    expect(walls[0]!.points).toEqual([
      { x: -2, y: -1 },
      { x: 6, y: -1 },
    ]);
  });

  it('is as large as its picture, whatever map_size says', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (x) => {
        const { resolution } = aUvtt();
        const reading = read({ resolution: { ...resolution, map_size: { x, y: 6 } } });
        expect(mapOf(reading)).toMatchObject({ columns: 8, rows: 6 });
        expect(notesOf(reading)).toHaveLength(Math.abs(x - 8) > 0.5 ? 1 : 0);
      }),
    );
  });

  it('stands without its grid, and says so', () => {
    const size = { map_size: { x: 16, y: 12 } };
    expect(mapOf(read({ resolution: { ...size, pixels_per_grid: 0 } }))).toMatchObject({
      cellPx: 5,
      columns: 16,
    });
    const bare = read({ resolution: 'none' });
    expect(mapOf(bare)).toMatchObject({ cellPx: 70 });
    expect(notesOf(bare)).toHaveLength(2);
  });

  it('leaves out what cannot be read and counts it', () => {
    const reading = read({
      line_of_sight: [
        [{ x: 0, y: 0 }],
        [
          { x: 0, y: 0 },
          { x: 'a', y: 1 },
        ],
        7,
        [
          { x: 1, y: 1 },
          { x: 1e12, y: 1 },
        ],
      ],
      portals: [{ position: { x: 1, y: 1 } }],
      lights: [
        { position: { x: 1, y: 1 }, range: 2, color: 'red' },
        { position: null, range: 1 },
      ],
      mystery: 1,
      '<script>': 2,
    });
    expect(mapOf(reading)).toMatchObject({ portals: [], lights: [{ range: 2, color: null, intensity: 1 }] });
    expect(mapOf(reading).walls).toHaveLength(1);
    expect(notesOf(reading)).toEqual([
      '4 of 4: a wall that cannot be read was left out',
      '1 of 1: a portal that cannot be read was left out',
      '1 of 2: a light that cannot be read was left out',
      '`mystery` is not known here and was not kept',
      '`?script?` is not known here and was not kept',
    ]);
  });

  it.each([
    ['jpeg', 'image/jpeg'],
    ['webp', 'image/webp'],
    ['png', 'image/png'],
  ] as const)('takes a %s for what its bytes say', async (format, mediaType) => {
    const plain = sharp({ create: { width: 33, height: 21, channels: 3, background: 'teal' } });
    const bytes = await plain.toFormat(format).toBuffer();
    expect(readPictureHeader(bytes)).toEqual({ mediaType, widthPx: 33, heightPx: 21 });
    const lossless = await plain.webp({ lossless: true }).toBuffer();
    expect(readPictureHeader(lossless)).toEqual({ mediaType: 'image/webp', widthPx: 33, heightPx: 21 });
    const image = `data:image/gif;base64,${bytes.toString('base64')}`;
    expect(mapOf(read({ image })).picture).toMatchObject({ mediaType });
  });
});

describe('a file that is no map', () => {
  it.each([
    ['', 'cut'],
    ['   ', 'cut'],
    ['[]', 'not-json'],
    ['"text"', 'not-json'],
    ['{"image":"aGVsbG8=","x":}', 'not-json'],
    ['{}', 'no-picture'],
    ['{"image":""}', 'no-picture'],
    ['{"image":7}', 'no-picture'],
    ['{"inner":{"image":"aGVsbG8="}}', 'no-picture'],
    ['{"image":"aGVsbG8="}', 'not-a-picture'],
    ['{"image":"%%%"}', 'not-a-picture'],
    [`{"image":"${aPng().subarray(0, 20).toString('base64')}"}`, 'not-a-picture'],
    [`{"image":"${aPng(90_000, 90_000).toString('base64')}"}`, 'too-many-pixels'],
    [`{"image":"${aPng(0, 5).toString('base64')}"}`, 'not-a-picture'],
    [`{"x":${'['.repeat(100_000)}`, 'too-deep'],
    [`{"x":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_001)}`, 'too-deep'],
    [`{"image":"aGVsbG8=","x":"\u0000"}`, 'not-json'],
  ])('is refused: %#', (text, fault) => {
    expect(readUvtt(bytesOf(text))).toMatchObject({ fault });
  });

  it('is refused where it is cut, wherever that is', () => {
    const whole = bytesOf(aUvtt());
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (end) => {
        expect(readUvtt(whole.subarray(0, end))).toMatchObject({ fault: 'cut' });
      }),
    );
  });

  it('never throws, whatever byte is another', () => {
    const whole = bytesOf(aUvtt());
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const bent = Buffer.from(whole);
        bent[at] = byte;
        const reading = readUvtt(bent);
        if (reading.fault === null) expect(reading.map.columns).toBeGreaterThan(0);
      }),
    );
  });

  it('has too many parts', () => {
    const wall = [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ];
    expect(read({ line_of_sight: Array.from({ length: 20_001 }, () => wall) })).toMatchObject({
      fault: 'too-many-parts',
    });
    expect(read({ lights: Array.from({ length: 5_001 }, () => 1) })).toMatchObject({
      fault: 'too-many-parts',
    });
    const long = Array.from({ length: 200_001 }, () => ({ x: 0, y: 0 }));
    expect(read({ line_of_sight: [long] })).toMatchObject({ fault: 'too-many-parts' });
  });

  it('is too large', () => {
    expect(readUvtt(Buffer.alloc(30 * 1_048_576 + 1))).toMatchObject({ fault: 'too-large' });
    expect(readUvtt(bytesOf({ ...aUvtt(), padding: 'x'.repeat(9 * 1_048_576) }))).toMatchObject({
      fault: 'too-large',
    });
    expect(readUvtt(bytesOf({ image: 'A'.repeat(23 * 1_048_576) }))).toMatchObject({ fault: 'too-large' });
  });
});

describe('the outline of JSON', () => {
  it('finds the text of its key as the parser does, among any other keys and values', () => {
    const others = fc.dictionary(
      fc.string({ maxLength: 6 }).filter((key) => key !== 'image' && key !== '__proto__'),
      fc.jsonValue({ maxDepth: 4 }),
    );
    fc.assert(
      fc.property(others, others, fc.base64String(), (before, after, image) => {
        const bytes = bytesOf({ ...before, image, ...after });
        const outline = outlineJson(bytes, 'image', 32);
        expect(outline.fault).toBeNull();
        if (outline.fault !== null) return;
        expect(bytes.toString('utf8', outline.text!.start, outline.text!.end)).toBe(image);
      }),
    );
  });
});
