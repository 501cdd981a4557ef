// Whoever means a name of several words often gives one of them. All channels allow for it alike.

/** That somebody leaves out all words before, or all after the one that they mean: once each. */
export const WORDS_LEFT_OUT = 0.01;

/** What may still come of words that have not been reached, if all before them are left out: by how much of a text has to be added there. */
export class WordsAhead {
  /** At d: the probability that d or more letters of the text are added, at most. */
  private readonly added: Float64Array;

  /** @param length letters or phones of the text @param mostAdded probability that one is put in where there is none, at most */
  constructor(
    private readonly length: number,
    mostAdded: number,
    /** From here on a letter or phone is a word's first one. */
    private readonly firstOfWord: number,
  ) {
    this.added = new Float64Array(length + 1);
    let ways = 1;
    for (let count = 0; count <= length; count += 1) {
      this.added[count] = ways * mostAdded ** count;
      ways = (ways * (length - count)) / (count + 1);
    }
    for (let count = length - 1; count >= 0; count -= 1) this.added[count]! += this.added[count + 1]!;
  }

  /**
   * @param from, to what of a name has not been reached @param unit of what comes to the text if all before is left out
   * @param left of what comes to it if nothing was @returns no less than all that may come of leaving words out
   */
  sum(codes: ArrayLike<number>, from: number, to: number, unit: number, left: number): number {
    let sum = 0;
    for (let at = from; at < to; at += 1)
      if (codes[at]! >= this.firstOfWord)
        sum += left + unit * this.added[Math.max(0, this.length - (to - at))]!;
    return sum * WORDS_LEFT_OUT;
  }
}
