// Hashing a password takes 45 ms of a core and 19 MiB on purpose, and libuv's four threads do it, which files and name
// look-ups need as well. So at most two run at once in a process, fifty wait, and whoever comes after those is sent away.

/** Lets `width` pieces of work run at once and `depth` wait, in order. */
export class HashingGate {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly width: number,
    private readonly depth: number,
  ) {}

  /** @param onFull makes the error for those who find no place any more */
  async run<T>(work: () => Promise<T>, onFull: () => Error): Promise<T> {
    if (this.running >= this.width) {
      if (this.waiting.length >= this.depth) throw onFull();
      await new Promise<void>((resolve) => this.waiting.push(resolve)); // who wakes us hands its place over
    } else {
      this.running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
