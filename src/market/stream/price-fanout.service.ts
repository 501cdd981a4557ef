import type { BoardPrice, PriceBoard } from './price-board.js';
import { priceJson, pricePages } from './price-text.js';
import { eventBytes, placeBytes } from '../../platform/http/event-text.js';

// One change, told to everybody on a server who asked for it. The JSON of a price is written once; the bytes of an event once for
// all who asked for the same items. Only what tells a client its place is its own, and only where it also hears of its account.

/** One client. */
export interface PriceMember {
  send(bytes: Uint8Array): void;
  /** Text of its place at a version, where that is not the version alone. */
  placeAt?: (version: number) => string;
}

interface Group {
  readonly items: ReadonlySet<number> | undefined;
  readonly members: Set<PriceMember>;
}

/** The listeners of one server. */
export class PriceFanout {
  private readonly groups = new Map<string, Group>();
  /** Everything there is, for the many that come back at once after a restart. */
  private snapshot: { version: number; bytes: Buffer } | undefined;

  get isEmpty(): boolean {
    return this.groups.size === 0;
  }

  /** @param items undefined = all, else ascending @returns takes it out again */
  add(items: readonly number[] | undefined, member: PriceMember): () => void {
    const key = items?.join() ?? '*';
    const group = this.groups.get(key) ?? { items: items && new Set(items), members: new Set() };
    this.groups.set(key, group.members.add(member) && group);
    return () => {
      group.members.delete(member);
      if (group.members.size === 0 && this.groups.get(key) === group) this.groups.delete(key);
    };
  }

  tell(version: number, changes: readonly BoardPrice[]): void {
    const texts = changes.map(priceJson);
    for (const { items, members } of this.groups.values()) {
      const wanted =
        items === undefined ? texts : texts.filter((_text, at) => items.has(changes[at]!.itemId));
      if (wanted.length === 0) continue;
      const bytes = pricesBytes('price', version, wanted);
      const place = placeBytes(String(version));
      const whole = Buffer.concat([bytes, place]);
      for (const member of members)
        if (member.placeAt === undefined) member.send(whole);
        else member.send(Buffer.concat([bytes, placeBytes(member.placeAt(version))]));
    }
  }

  /** Everything that the board shows of these items. */
  snapshotOf(board: PriceBoard, items: ReadonlySet<number> | undefined): Buffer {
    if (items !== undefined) return snapshotBytes(board, items);
    if (this.snapshot?.version !== board.version)
      this.snapshot = { version: board.version, bytes: snapshotBytes(board, undefined) };
    return this.snapshot.bytes;
  }
}

/** What a client has missed. */
export function missedBytes(version: number, changes: readonly BoardPrice[]): Buffer {
  return pricesBytes('price', version, changes.map(priceJson));
}

function snapshotBytes(board: PriceBoard, items: ReadonlySet<number> | undefined): Buffer {
  return pricesBytes('snapshot', board.version, board.prices(items).map(priceJson));
}

/** Several events where there are many prices; none of them moves the client's place. */
function pricesBytes(event: 'price' | 'snapshot', version: number, texts: readonly string[]): Buffer {
  return Buffer.concat(pricePages(version, texts).map((json) => eventBytes(event, undefined, json)));
}
