// Answers that were worked out for one state of the rollups. The state is part of the key, so an entry is never wrong, only
// no longer asked for: the one used longest ago goes first. Two requests for the same answer share one piece of work.

/** Longer keys (long lists of items) are asked for once and would only take room. */
const MAX_KEY_LENGTH = 1_000;

export class AnswerCache {
  private readonly answers = new Map<string, Promise<unknown>>();

  /** @param capacity number of answers that are kept */
  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.answers.size;
  }

  /** The answer under `key`, or what `work` gives. A failure is not kept. */
  async get<T>(key: string, work: () => Promise<T>): Promise<T> {
    if (key.length > MAX_KEY_LENGTH) return work();
    const known = this.answers.get(key) as Promise<T> | undefined;
    if (known !== undefined) {
      this.answers.delete(key);
      this.answers.set(key, known);
      return known;
    }
    const answer = work();
    this.answers.set(key, answer);
    if (this.answers.size > this.capacity) this.answers.delete(this.answers.keys().next().value!);
    try {
      return await answer;
    } catch (error) {
      if (this.answers.get(key) === answer) this.answers.delete(key);
      throw error;
    }
  }
}
