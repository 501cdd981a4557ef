import type { NamedItem } from '../catalog/plan-new-items.js';

// Which item a client means is asked a thousand times per batch and changes almost never, so each process remembers it. An
// entry is made only after the transaction that found or created the item has committed. Should an item vanish (step of
// another process), its foreign key refuses the batch, the cache is emptied and the batch is resolved anew. Where a name or an id
// comes to mean another item, the epoch of the game's catalogue moves, which each batch looks at; the cache is emptied then, too.

const MAX_ENTRIES = 200_000;

interface Entry {
  id: number;
  /** Unnamed items are resolved through the database once a name arrives, so that they learn it. */
  isNamed: boolean;
  /** The same for a category: the first one that a price brings is asked of the database once, known or not. */
  hasCategory: boolean;
}

export class ItemCache {
  private readonly byName = new Map<string, Entry>();
  /** Per game: making a text of every number costs more than looking it up. */
  private readonly byExternalId = new Map<number, Map<number, Entry>>();
  private size = 0;
  private readonly epochs = new Map<number, number>();

  /** Epoch of the game's catalogue for which this holds. */
  epochOf(gameId: number): number | undefined {
    return this.epochs.get(gameId);
  }

  /** Forgets everything when the game's catalogue has another epoch than the one seen last. */
  keepUp(gameId: number, epoch: number): void {
    if (this.epochs.get(gameId) === epoch) return;
    this.clear();
    this.epochs.set(gameId, epoch);
  }

  find(gameId: number, item: NamedItem): number | undefined {
    const entry = this.entryOf(gameId, item);
    if (!entry || (item.name !== null && !entry.isNamed)) return undefined;
    return item.category === null || entry.hasCategory ? entry.id : undefined;
  }

  remember(gameId: number, item: NamedItem, id: number): void {
    const before = this.entryOf(gameId, item);
    const entry = { id, isNamed: item.name !== null, hasCategory: item.category !== null };
    if (before?.id === id) {
      before.isNamed ||= entry.isNamed;
      before.hasCategory ||= entry.hasCategory;
      return;
    }
    if (this.size >= MAX_ENTRIES) this.clear();
    this.size += 1;
    if (item.externalId === null) {
      this.byName.set(cacheKey(gameId, item), entry);
      return;
    }
    let ofGame = this.byExternalId.get(gameId);
    if (!ofGame) this.byExternalId.set(gameId, (ofGame = new Map<number, Entry>()));
    ofGame.set(item.externalId, entry);
  }

  private entryOf(gameId: number, item: NamedItem): Entry | undefined {
    return item.externalId === null
      ? this.byName.get(cacheKey(gameId, item))
      : this.byExternalId.get(gameId)?.get(item.externalId);
  }

  clear(): void {
    this.byName.clear();
    this.byExternalId.clear();
    this.size = 0;
  }
}

/** Two elements with the same key mean the same item. */
export function cacheKey(gameId: number, item: NamedItem): string {
  return item.externalId === null ? `${gameId}:${item.name ?? ''}` : `${gameId}#${item.externalId}`;
}
