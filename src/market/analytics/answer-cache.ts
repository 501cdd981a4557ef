// Answers that were worked out for one state of the rollups. The state is part of the key, so an entry is never wrong, only
// no longer asked for: the one used longest ago goes first. Two requests for the same answer share one piece of work.
//
// Invariant: what is kept holds at most `mostValues` numbers, texts and instants altogether, whatever the questions were. An
// answer may be one row or one number per item of a game, so a number of answers alone would bound nothing.

/** Longer keys (long lists of items) are asked for once and would only take room. */
const MAX_KEY_LENGTH = 1_000;

interface Entry {
  answer: Promise<unknown>;
  /** 0 until the answer is there. */
  values: number;
}

export class AnswerCache {
  private readonly entries = new Map<string, Entry>();
  private keptValues = 0;

  /**
   * @param capacity number of answers that are kept
   * @param mostValues in all of them
   */
  constructor(
    private readonly capacity: number,
    private readonly mostValues: number,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  /** Values in the answers that are kept. */
  get values(): number {
    return this.keptValues;
  }

  /** Whether an answer is kept under `key`, or somebody works on it. */
  has(key: string): boolean {
    return this.entries.has(key);
  }

  /** The answer under `key`, or what `work` gives. A failure is not kept, and neither is what is too large by itself. */
  async get<T>(key: string, work: () => Promise<T>): Promise<T> {
    if (key.length > MAX_KEY_LENGTH) return work();
    const known = this.entries.get(key);
    if (known !== undefined) {
      this.entries.delete(key);
      this.entries.set(key, known);
      return known.answer as Promise<T>;
    }
    const answer = work();
    const entry: Entry = { answer, values: 0 };
    this.entries.set(key, entry);
    this.makeRoom();
    try {
      const result = await answer;
      this.weigh(key, entry, result);
      return result;
    } catch (error) {
      if (this.entries.get(key) === entry) this.forget(key, entry);
      throw error;
    }
  }

  /**
   * An answer that is made of the one before: what is kept under `key` while it is current, or what `work` makes of it. There is
   * one per key, so nothing of the states gone by takes room.
   * @param work given the answer before, where there is one; its result is current for whoever asked until now
   */
  async renew<T>(
    key: string,
    isCurrent: (answer: T) => boolean,
    work: (before: T | undefined) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const entry = this.entries.get(key);
      if (entry === undefined) return this.get(key, () => work(undefined));
      const before = (await entry.answer) as T;
      const isKept = this.entries.get(key) === entry;
      if (isCurrent(before)) return isKept ? this.get(key, () => work(before)) : before;
      if (!isKept) continue; // somebody else renews it
      this.forget(key, entry);
      return this.get(key, () => work(before));
    }
  }

  private weigh(key: string, entry: Entry, result: unknown): void {
    if (this.entries.get(key) !== entry) return; // it has gone already
    entry.values = countValues(result);
    this.keptValues += entry.values;
    if (entry.values > this.mostValues) this.forget(key, entry);
    else this.makeRoom();
  }

  private makeRoom(): void {
    for (const [key, entry] of this.entries) {
      if (this.entries.size <= this.capacity && this.keptValues <= this.mostValues) return;
      this.forget(key, entry);
    }
  }

  private forget(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.keptValues -= entry.values;
  }
}

/** Numbers, texts, instants and nulls of rows, lists and columns. */
export function countValues(answer: unknown): number {
  if (ArrayBuffer.isView(answer)) return answer.byteLength >> 3;
  if (typeof answer !== 'object' || answer === null || answer instanceof Date) return 1;
  const inside: unknown[] = Array.isArray(answer) ? answer : Object.values(answer);
  return inside.reduce<number>((sum, value) => sum + countValues(value), 0);
}
