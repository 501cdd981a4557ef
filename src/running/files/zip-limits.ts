/** What one archive may unpack to. Names and sizes are looked at before anything is unpacked. */
export interface ZipLimits {
  readonly entries: number;
  readonly bytes: number;
}

/** Twenty years of daily runs. */
export const ZIP_LIMITS: ZipLimits = { entries: 10_000, bytes: 4 * 1_073_741_824 };
const LONGEST_NAME = 300;

/** What macOS and file managers put beside the files. */
const LITTER = /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/;

/** Folders and litter are no files. */
export function isFileName(name: string): boolean {
  return !name.endsWith('/') && !LITTER.test(name);
}

/** Leads out of the archive, or means another place on some system. Nothing is written by such a name; it is no honest one either. */
export function isUnsafeName(name: string): boolean {
  const parts = name.split(/[/\\]/);
  return name === '' || /^(?:[/\\]|[a-z]:)/i.test(name) || parts.includes('..') || name.includes('\0');
}

/** As reports show it: what can be stored, and not endless. */
export function shownName(name: string): string {
  const shown = name.replaceAll(/\p{Cc}/gu, '\ufffd').toWellFormed();
  return shown.length > LONGEST_NAME ? `…${shown.slice(1 - LONGEST_NAME).toWellFormed()}` : shown;
}
