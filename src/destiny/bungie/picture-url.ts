/** Pictures lie at Bungie's own address, whatever API is asked. */
const PICTURES = 'https://www.bungie.net';

/** @param path as definitions and profiles have it */
export function pictureUrl(path: string | null): string | null {
  return path === null ? null : PICTURES + path;
}
