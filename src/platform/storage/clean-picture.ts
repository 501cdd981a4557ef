import type { Sharp } from 'sharp';
import { FileRefusedError } from './storage.errors.js';

// Pictures are decoded and written anew. What is left is pixels: no place where it was taken, no camera, no thumbnail, no archive or
// page hidden behind its end. What cannot be decoded to the end is no picture.

/** Longest decoding, in seconds. */
const TIMEOUT_S = 20;

const WRITERS: Readonly<Record<string, (image: Sharp) => Sharp>> = {
  'image/png': (image) => image.png(),
  'image/jpeg': (image) => image.jpeg({ quality: 90 }),
  'image/webp': (image) => image.webp({ quality: 90 }),
};

/**
 * @param mediaType of `from`, by its content; the copy has the same
 * @throws FileRefusedError too-many-pixels, not-a-picture
 */
export async function cleanPicture(
  from: string,
  to: string,
  mediaType: string,
  maxPixels: number,
): Promise<void> {
  const writer = WRITERS[mediaType];
  if (!writer) throw new FileRefusedError('wrong-type');
  const { default: sharp } = await import('sharp');
  sharp.cache(false); // it would hold files open that are deleted the moment after
  const open = (): Sharp =>
    sharp(from, { limitInputPixels: maxPixels, failOn: 'truncated', sequentialRead: true });
  try {
    const { width, height } = await open().metadata();
    if (width * height > maxPixels) throw new FileRefusedError('too-many-pixels');
    // Turned as its camera said, since that word is lost; colours become sRGB, since the profile is.
    await writer(open().autoOrient().timeout({ seconds: TIMEOUT_S })).toFile(to);
  } catch (error) {
    if (error instanceof FileRefusedError) throw error;
    const isHuge = /pixel limit/i.test((error as Error).message);
    throw new FileRefusedError(isHuge ? 'too-many-pixels' : 'not-a-picture', { cause: error });
  }
}
