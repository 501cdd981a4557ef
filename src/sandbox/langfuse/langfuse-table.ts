// One table in the order in which Langfuse lists it: newest first, among those of one millisecond by a tie that stands for the hash
// of the trace's id, then by id. Entries are small and rows may be made when they are read, so that a million fit.

/** Where a row stands in the order. */
export interface Place {
  readonly atMs: number;
  readonly tie: number;
  readonly id: string;
}

export interface Entry<Row> extends Place {
  /** Nobody is told of the row before. */
  readonly visibleFromMs: number;
  readonly read: Row | (() => Row);
}

/** What a reader of a window may see, newest first. */
export interface Window<Row> {
  readonly total: number;
  slice(offset: number, count: number): Row[];
}

export class LangfuseTable<Row extends object> {
  private readonly entries: Entry<Row>[] = [];
  private readonly byId = new Map<string, Entry<Row>>();
  /** As long as nothing arrives later, windows need no filter. */
  private lastArrivalMs = Number.NEGATIVE_INFINITY;

  get size(): number {
    return this.entries.length;
  }

  /** Puts many into an empty table. */
  fill(entries: Iterable<Entry<Row>>): void {
    if (this.entries.length > 0) throw new Error('The table is not empty');
    for (const entry of entries) {
      this.entries.push(entry);
      this.byId.set(entry.id, entry);
      this.lastArrivalMs = Math.max(this.lastArrivalMs, entry.visibleFromMs);
    }
    this.entries.sort(inOrder);
  }

  put(entry: Entry<Row>): void {
    this.remove(entry.id);
    this.entries.splice(this.firstNotBefore(entry), 0, entry);
    this.byId.set(entry.id, entry);
    this.lastArrivalMs = Math.max(this.lastArrivalMs, entry.visibleFromMs);
  }

  /** @returns whether it was there */
  remove(id: string): boolean {
    const entry = this.byId.get(id);
    if (entry === undefined) return false;
    this.entries.splice(this.firstNotBefore(entry), 1);
    return this.byId.delete(id);
  }

  entryOf(id: string): Entry<Row> | undefined {
    return this.byId.get(id);
  }

  rowOf(id: string, nowMs: number): Row | undefined {
    const entry = this.byId.get(id);
    return entry !== undefined && entry.visibleFromMs <= nowMs ? rowOf(entry) : undefined;
  }

  /** Every row, seen or not. */
  *all(): Generator<Row> {
    for (const entry of this.entries) yield rowOf(entry);
  }

  /** @param fromMs inclusive @param toMs exclusive */
  window(fromMs: number, toMs: number, nowMs: number, isWanted?: (row: Row) => boolean): Window<Row> {
    const first = this.firstNotBefore({ atMs: toMs, tie: Number.NEGATIVE_INFINITY, id: '' });
    const end = this.firstNotBefore({ atMs: fromMs, tie: Number.NEGATIVE_INFINITY, id: '' });
    if (this.lastArrivalMs <= nowMs && isWanted === undefined) {
      return {
        total: Math.max(0, end - first),
        slice: (offset, count) =>
          this.entries.slice(first + offset, Math.min(end, first + offset + count)).map(rowOf),
      };
    }
    const seen = this.entries
      .slice(first, Math.max(first, end))
      .filter(({ visibleFromMs }) => visibleFromMs <= nowMs);
    const wanted = isWanted === undefined ? seen : seen.filter((entry) => isWanted(rowOf(entry)));
    return {
      total: wanted.length,
      slice: (offset, count) => wanted.slice(offset, offset + count).map(rowOf),
    };
  }

  /** The next rows after a place. @param after null = from the newest below `toMs` */
  after(
    after: Place | null,
    [fromMs, toMs]: readonly [number, number],
    count: number,
    nowMs: number,
    isWanted?: (row: Row) => boolean,
  ): Row[] {
    const start = { atMs: toMs, tie: Number.NEGATIVE_INFINITY, id: '' };
    let index = this.firstNotBefore(start);
    if (after !== null) {
      index = Math.max(index, this.firstNotBefore(after));
      const at = this.entries[index];
      if (at !== undefined && inOrder(at, after) === 0) index += 1;
    }
    const found: Row[] = [];
    for (; found.length < count && index < this.entries.length; index += 1) {
      const entry = this.entries[index]!;
      if (entry.atMs < fromMs) break;
      if (entry.visibleFromMs > nowMs) continue;
      const row = rowOf(entry);
      if (isWanted === undefined || isWanted(row)) found.push(row);
    }
    return found;
  }

  /** The index of the first entry that does not come before the place. */
  private firstNotBefore(place: Place): number {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (inOrder(this.entries[middle]!, place) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** FNV-1a; stands for the hash that Langfuse orders traces of one millisecond by. */
export function tieOf(traceId: string | null): number {
  let hash = 0x811c9dc5;
  for (const character of traceId ?? '') hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}

function rowOf<Row extends object>({ read }: Entry<Row>): Row {
  return typeof read === 'function' ? read() : read;
}

function inOrder(a: Place, b: Place): number {
  return b.atMs - a.atMs || b.tie - a.tie || (a.id > b.id ? -1 : a.id < b.id ? 1 : 0);
}
