// The prices of one server as this process last saw them, so that a change is told to everybody who listens without asking the
// database again. Each read of `latest` comes with the server's version in the same snapshot; what differs from the read before has
// changed at that version. A client's place is a version: what it has missed is what has changed after it, however long it was away,
// as long as the board was watched all that time. One entry per item, so it never holds more than the server does.

/** What `latest` shows, column by column. */
export interface BoardColumns {
  readonly itemIds: Int32Array;
  readonly prices: Float64Array;
  /** Unix times in milliseconds. */
  readonly capturedAtMs: Float64Array;
  readonly lots: Int32Array;
}

/** The newest price of an item. */
export interface BoardPrice {
  readonly itemId: number;
  /** Null: there is none any more. */
  readonly price: number | null;
  /** The one shown before; null where there was none, or where nobody watched. */
  readonly previousPrice: number | null;
  readonly capturedAtMs: number;
  readonly lots: number;
}

interface Entry extends BoardPrice {
  readonly changedAt: number;
}

export class PriceBoard {
  /** Of the newest read. */
  version: number;
  private readonly entries = new Map<number, Entry>();

  /** @param since version of the first read: what was before that, it does not know */
  constructor(
    private readonly since: number,
    columns: BoardColumns,
  ) {
    this.version = since;
    this.take(since, columns);
  }

  /** @returns what has changed since the read before, in order of items */
  take(version: number, columns: BoardColumns): BoardPrice[] {
    this.version = version;
    const changes: BoardPrice[] = [];
    const { itemIds, prices, capturedAtMs, lots } = columns;
    for (let place = 0; place < itemIds.length; place += 1) {
      const itemId = itemIds[place]!;
      const before = this.entries.get(itemId);
      const isSame =
        before?.price === prices[place] &&
        before?.capturedAtMs === capturedAtMs[place] &&
        before?.lots === lots[place];
      if (isSame) continue;
      const now = { price: prices[place]!, capturedAtMs: capturedAtMs[place]!, lots: lots[place]! };
      changes.push(this.set({ itemId, ...now, previousPrice: before?.price ?? null, changedAt: version }));
    }
    if (this.entries.size > itemIds.length) changes.push(...this.takeGone(version, new Set(itemIds)));
    return changes.sort((a, b) => a.itemId - b.itemId);
  }

  /**
   * What has changed after a version; undefined where that cannot be said, and the client has to take everything anew.
   * @param items undefined = all
   */
  changesAfter(version: number, items: ReadonlySet<number> | undefined): BoardPrice[] | undefined {
    if (version < this.since || version > this.version) return undefined;
    if (version === this.version) return [];
    return this.select(items, ({ changedAt }) => changedAt > version);
  }

  /** All prices there are, in order of items. */
  prices(items: ReadonlySet<number> | undefined): BoardPrice[] {
    return this.select(items, ({ price }) => price !== null);
  }

  private select(items: ReadonlySet<number> | undefined, takes: (entry: Entry) => boolean): BoardPrice[] {
    const found: Entry[] = [];
    if (items === undefined) {
      for (const entry of this.entries.values()) if (takes(entry)) found.push(entry);
    } else {
      for (const id of items) {
        const entry = this.entries.get(id);
        if (entry !== undefined && takes(entry)) found.push(entry);
      }
    }
    return found.sort((a, b) => a.itemId - b.itemId);
  }

  /** An item whose price was taken away keeps its entry, so that whoever comes back is told. */
  private takeGone(version: number, there: ReadonlySet<number>): BoardPrice[] {
    return [...this.entries.values()]
      .filter(({ itemId, price }) => price !== null && !there.has(itemId))
      .map((before) => this.set({ ...before, price: null, previousPrice: before.price, changedAt: version }));
  }

  private set(entry: Entry): Entry {
    this.entries.set(entry.itemId, entry);
    return entry;
  }
}
