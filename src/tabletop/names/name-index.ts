import type { LetterCodes } from './letter-codes.js';
import { beginsWord, letterOf } from './letter-codes.js';
import type { ComparedName } from './name-likeness.js';
import { type FoundName, lookUp, type NameModel } from './name-lookup.js';
import { type NameSegment, NameSegmentBuilder } from './name-segment.js';

// All names of one campaign, with who may see what is called so. Most stand in a segment that was made at once. What has changed since stands in
// smaller ones, each at least twice as large as the next, and is dead in the older ones: a change is sorted in again as often as its segment
// doubles, not with each change that follows (O'Neil et al., "The log-structured merge-tree", 1996).

/** What has names. */
export interface NamedThing {
  readonly id: string;
  readonly names: readonly ComparedName[];
  /** Everybody at the table sees it. */
  readonly isForParty: boolean;
  /** Those who see it beside the masters and whoever has a grant. */
  readonly seenBy: readonly string[];
}

export interface NameViewer {
  readonly userId: string;
  /** Sees everything. */
  readonly isMaster: boolean;
  /** Ids of things that are lent to them. */
  readonly granted: readonly string[];
}

export interface NameHit {
  readonly id: string;
  /** Letters of the name by which it was found, a word's first one marked. */
  readonly letters: LetterCodes;
  /** See `FoundName`. */
  readonly likeness: number;
}

/** A name that begins with a text, or one of whose words does. */
export interface PrefixHit {
  readonly id: string;
  readonly letters: LetterCodes;
  readonly isWhole: boolean;
}

const [MASTERS, PARTY, NAMED, DEAD] = [0, 1, 2, 3] as const;
/** So much may have changed before all of it is better made anew. */
const MOST_CHANGED = 20_000;
const LEAST_CHANGED = 2_000;

/** Things whose names stand in one segment. */
interface Shelf {
  readonly names: NameSegment;
  /** In order. */
  readonly ids: readonly string[];
  readonly reach: Uint8Array;
  readonly seenBy: ReadonlyMap<number, readonly string[]>;
}

export class NameIndexBuilder {
  private readonly names = new NameSegmentBuilder();
  private readonly ids: string[] = [];
  private readonly reach: number[] = [];
  private readonly seenBy = new Map<number, readonly string[]>();

  /** @param thing by id, in order; one without names is left out */
  add(thing: NamedThing): void {
    if (thing.names.length === 0) return;
    const place = this.ids.length;
    this.ids.push(thing.id);
    this.reach.push(thing.isForParty ? PARTY : thing.seenBy.length > 0 ? NAMED : MASTERS);
    if (!thing.isForParty && thing.seenBy.length > 0) this.seenBy.set(place, thing.seenBy);
    for (const name of thing.names) this.names.add(name, place);
  }

  /** Yields between portions, so that others have their turn. */
  *shelf(model: NameModel): Generator<void, Shelf> {
    const names = yield* this.names.build(model.weights);
    return { names, ids: this.ids, reach: Uint8Array.from(this.reach), seenBy: this.seenBy };
  }

  *build(model: NameModel): Generator<void, NameIndex> {
    return new NameIndex(model, yield* this.shelf(model));
  }
}

/** What has changed, as it may have to be sorted in again. */
interface ChangedShelf extends Shelf {
  /** Those that are alive. */
  readonly things: Map<string, NamedThing>;
}

export class NameIndex {
  /** The oldest and largest first. */
  private changed: readonly ChangedShelf[] = [];
  private readonly changedIds = new Set<string>();

  constructor(
    private readonly model: NameModel,
    private readonly settled: Shelf,
  ) {}

  /** How many names it holds in memory, dead ones too. */
  get nameCount(): number {
    return this.shelves().reduce((sum, { names }) => sum + names.count, 0);
  }

  /** So much has changed that it is better made anew. */
  get isWorn(): boolean {
    return (
      this.changedIds.size > Math.max(LEAST_CHANGED, Math.min(MOST_CHANGED, this.settled.ids.length / 4))
    );
  }

  /**
   * Takes the place of what was known under these ids; without names a thing is gone. Yields between portions; whoever asks meanwhile is
   * answered as before, and one must end before the next begins.
   */
  *apply(things: readonly NamedThing[]): Generator<void, void> {
    if (things.length === 0) return;
    const older = [...this.changed];
    let alive = new Map(things.map((thing) => [thing.id, thing]));
    while (older.length > 0 && older.at(-1)!.things.size < 2 * alive.size)
      alive = new Map([...older.pop()!.things, ...alive]);
    const builder = new NameIndexBuilder();
    for (const thing of [...alive.values()].sort((a, b) => (a.id < b.id ? -1 : 1))) {
      builder.add(thing);
      yield;
    }
    const shelf = yield* builder.shelf(this.model);
    for (const { id } of things) {
      this.changedIds.add(id);
      for (const { ids, reach } of [this.settled, ...older]) {
        const place = placeOf(ids, id);
        if (place !== undefined) reach[place] = DEAD;
      }
      for (const one of older) one.things.delete(id);
    }
    this.changed = [...older, { ...shelf, things: alive }];
  }

  /** @returns what the text may mean, the likeliest first, each thing by its likeliest name */
  find(text: ComparedName, viewer: NameViewer, mostCompared?: number): NameHit[] {
    const shelves = this.shelves();
    const sees = shelves.map((shelf) => seesIn(shelf, viewer));
    const found = lookUp(
      this.model,
      shelves.map(({ names }) => names),
      text,
      (shelf, thing) => sees[shelf]!(thing),
      mostCompared,
    );
    const known = new Set<string>();
    const hits: NameHit[] = [];
    for (const one of found) {
      const hit = hitOf(shelves, one);
      if (known.has(hit.id)) continue;
      known.add(hit.id);
      hits.push(hit);
    }
    return hits;
  }

  /** @param prefix letters that a name or one of its words begins with @returns the whole and short ones first */
  startingWith(prefix: LetterCodes, viewer: NameViewer, most: number): PrefixHit[] {
    if (prefix.length === 0) return [];
    const hits = this.shelves().flatMap((shelf) => prefixHits(shelf, prefix.map(letterOf), viewer));
    return hits
      .sort(
        (a, b) =>
          Number(b.isWhole) - Number(a.isWhole) ||
          a.letters.length - b.letters.length ||
          (a.id < b.id ? -1 : 1),
      )
      .slice(0, most);
  }

  private shelves(): readonly Shelf[] {
    return [this.settled, ...this.changed];
  }
}

function hitOf(shelves: readonly Shelf[], { segment, thing, name, likeness }: FoundName): NameHit {
  const { ids, names } = shelves[segment]!;
  return { id: ids[thing]!, letters: names.lettersOf(name), likeness };
}

/** @returns whether the viewer sees the thing at a place */
function seesIn(shelf: Shelf, { isMaster, userId, granted }: NameViewer): (thing: number) => boolean {
  const { reach, seenBy } = shelf;
  if (isMaster) return (thing) => reach[thing] !== DEAD;
  const lent = new Set(granted.map((id) => placeOf(shelf.ids, id)).filter((place) => place !== undefined));
  return (thing) => {
    const code = reach[thing]!;
    if (code === PARTY) return true;
    if (code === DEAD) return false;
    return (code === NAMED && seenBy.get(thing)!.includes(userId)) || lent.has(thing);
  };
}

function prefixHits(shelf: Shelf, prefix: LetterCodes, viewer: NameViewer): PrefixHit[] {
  const { names, ids } = shelf;
  const sees = seesIn(shelf, viewer);
  const hits: PrefixHit[] = [];
  for (let name = 0; name < names.count; name += 1) {
    const letters = names.lettersOf(name);
    const at = beginsAt(letters, prefix);
    if (at === undefined || !sees(names.thingOf(name))) continue;
    hits.push({ id: ids[names.thingOf(name)]!, letters, isWhole: at === 0 });
  }
  return hits;
}

function beginsAt(letters: LetterCodes, prefix: LetterCodes): number | undefined {
  for (let at = 0; at + prefix.length <= letters.length; at += 1) {
    if (at > 0 && !beginsWord(letters[at]!)) continue;
    let length = 0;
    while (length < prefix.length && letterOf(letters[at + length]!) === prefix[length]) length += 1;
    if (length === prefix.length) return at;
  }
  return undefined;
}

function placeOf(ids: readonly string[], id: string): number | undefined {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return ids[low] === id ? low : undefined;
}
