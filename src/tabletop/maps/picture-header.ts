// What a picture is by its first bytes, and how many pixels it has, read from its header alone. What else it claims to be is not asked.
// PNG: RFC 2083 (IHDR is the first chunk). JPEG: ITU T.81 (the frame header SOFn). WebP: RFC 9649.

export type PictureType = 'image/png' | 'image/jpeg' | 'image/webp';

export interface PictureHeader {
  readonly mediaType: PictureType;
  readonly widthPx: number;
  readonly heightPx: number;
}

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

/** @returns null for what is none of them, or ends within its header */
export function readPictureHeader(bytes: Buffer): PictureHeader | null {
  const header = asPng(bytes) ?? asJpeg(bytes) ?? asWebp(bytes);
  return header === null || header.widthPx < 1 || header.heightPx < 1 ? null : header;
}

function asPng(bytes: Buffer): PictureHeader | null {
  if (bytes.length < 24 || !bytes.subarray(0, 8).equals(PNG)) return null;
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return null;
  return { mediaType: 'image/png', widthPx: bytes.readUInt32BE(16), heightPx: bytes.readUInt32BE(20) };
}

function asJpeg(bytes: Buffer): PictureHeader | null {
  if (bytes.length < 4 || bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  for (let at = 2; at + 9 <= bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1; // a fill byte
      continue;
    }
    const length = bytes.readUInt16BE(at + 2);
    if (isFrame(marker))
      return {
        mediaType: 'image/jpeg',
        widthPx: bytes.readUInt16BE(at + 7),
        heightPx: bytes.readUInt16BE(at + 5),
      };
    if (length < 2) return null;
    at += 2 + length;
  }
  return null;
}

/** SOF0 to SOF15, among which lie tables of Huffman and arithmetic coding, and a reserved one. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function asWebp(bytes: Buffer): PictureHeader | null {
  if (bytes.length < 30) return null;
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP') return null;
  const sized = (widthPx: number, heightPx: number): PictureHeader => ({
    mediaType: 'image/webp',
    widthPx,
    heightPx,
  });
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return sized(bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff);
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return sized((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
    }
    case 'VP8X':
      return sized(bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1);
    default:
      return null;
  }
}
