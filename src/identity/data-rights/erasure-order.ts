/** First what makes secrets unreadable, also in backups that lack their keys; last the account, on whose row others may hang. */
export const FIRST = 'vault';
const LAST = 'identity';

/** @returns each name once */
export function erasureOrder(names: readonly string[]): string[] {
  const rank = (name: string): number => (name === FIRST ? 0 : name === LAST ? 2 : 1);
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
