import type { NamedItem } from '../catalog/plan-new-items.js';

// Which item a client means is asked a thousand times per batch and changes almost never, so each process remembers it. An
// entry is made only after the transaction that found or created the item has committed. Should an item vanish (step of
// another process), its foreign key refuses the batch, the cache is emptied and the batch is resolved anew.

const MAX_ENTRIES = 200_000;

interface Entry {
  id: number;
  /** Unnamed items are resolved through the database once a name arrives, so that they learn it. */
  isNamed: boolean;
}

export class ItemCache {
  private readonly entries = new Map<string, Entry>();

  find(gameId: number, item: NamedItem): number | undefined {
    const entry = this.entries.get(cacheKey(gameId, item));
    return entry && (entry.isNamed || item.name === null) ? entry.id : undefined;
  }

  remember(gameId: number, item: NamedItem, id: number): void {
    if (this.entries.size >= MAX_ENTRIES) this.entries.clear();
    this.entries.set(cacheKey(gameId, item), { id, isNamed: item.name !== null });
  }

  clear(): void {
    this.entries.clear();
  }
}

/** Two elements with the same key mean the same item. */
export function cacheKey(gameId: number, item: NamedItem): string {
  return item.externalId === null ? `${gameId}:${item.name ?? ''}` : `${gameId}#${item.externalId}`;
}
