import type { SyncPosition } from './sync-position.js';
import type { SyncPage } from './sync-source.js';

/** So many pages in a row may be empty though more are to come. */
const MOST_EMPTY_PAGES = 100;

/** Notices an upstream that leads us in circles. It remembers one walk; what it forgets with its process ends at the page cap. */
export class PageGuard {
  private readonly cursors = new Set<string>();
  private keys = '';
  private emptyPages = 0;

  /** What is wrong with the page, in words; null = nothing. @param position as it was asked for */
  faultOf(
    { cursor }: SyncPosition,
    { next, rows, refused }: SyncPage<unknown>,
    keys: readonly string[],
  ): string | null {
    if (cursor === null) this.cursors.clear();
    else this.cursors.add(cursor);
    if (next !== null && this.cursors.has(next)) return 'a cursor has come twice';
    const before = this.keys;
    this.keys = keys.join('\n');
    if (cursor !== null && keys.length > 0 && this.keys === before) return 'the same page has come twice';
    this.emptyPages = rows.length + refused.length === 0 ? this.emptyPages + 1 : 0;
    return this.emptyPages > MOST_EMPTY_PAGES ? 'the pages are empty and do not end' : null;
  }
}
