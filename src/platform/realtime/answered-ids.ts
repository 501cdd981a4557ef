// Clients send again what was not answered when the connection broke. Frames that are not safe to do twice (`isOnce`) are
// remembered by who sent them and by their id, so a repetition gets the first answer: as long as the process lives and the memory
// lasts. What must never happen twice, whatever happens, has a unique key in the database too.

interface Remembered {
  readonly digest: string;
  readonly answer: Promise<string>;
}

export class AnsweredIds {
  /** Oldest first. */
  private readonly entries = new Map<string, Remembered>();

  constructor(private readonly mostEntries = 20_000) {}

  get size(): number {
    return this.entries.size;
  }

  /**
   * @param key who sent it and its id
   * @param digest of what was sent
   * @returns the text of the answer; `reused` where the id came before with something else
   */
  once(key: string, digest: string, work: () => Promise<string>): Promise<string> | 'reused' {
    const known = this.entries.get(key);
    if (known) return known.digest === digest ? known.answer : 'reused';
    const answer = work();
    const entry = { digest, answer };
    this.entries.set(key, entry);
    // What failed may go well the next time.
    answer.catch(() => {
      if (this.entries.get(key) === entry) this.entries.delete(key);
    });
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.mostEntries) break;
      this.entries.delete(oldest);
    }
    return answer;
  }
}
