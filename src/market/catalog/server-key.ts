import { foldName } from './fold-name.js';

/** `Hell Mina` -> `hell-mina`: how a server is named in paths. Empty for a name without letters and digits. */
export function serverKey(name: string): string {
  return foldName(name)
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
}
