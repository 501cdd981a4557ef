import { leaveContext } from '../profiling/span.js';
import type { FanoutBus } from './fanout-bus.js';
import { type FanoutLine, lineText, packLines } from './fanout-lines.js';

/** Lines of a moment travel together. */
const BATCH_MS = 5;
/** Lines that wait while the bus does not take them; beyond them they are lost, and found missing. */
const MOST_WAITING = 20_000;

interface Log {
  warn(fields: object, text: string): void;
  info(fields: object, text: string): void;
}

/** What a process has to say, in order, one text at a time: what comes while one is on its way goes together with the next. */
export class FanoutSender {
  private readonly waiting: string[] = [];
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;
  private isAway = false;

  constructor(
    private readonly self: string,
    private readonly bus: FanoutBus,
    private readonly log: Log,
  ) {}

  say(line: FanoutLine): void {
    if (this.waiting.length < MOST_WAITING) this.waiting.push(lineText(line));
    leaveContext(() => (this.timer ??= setTimeout(() => void this.flush(), BATCH_MS)));
  }

  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    return (this.sending ??= leaveContext(() => this.sendAll()).finally(() => (this.sending = undefined)));
  }

  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.timer);
    await this.bus.close();
  }

  private async sendAll(): Promise<void> {
    await Promise.resolve(); // `sending` is set first
    while (this.waiting.length > 0)
      for (const text of packLines(this.self, this.waiting.splice(0), this.bus.mostBytes))
        await this.bus.send(text).then(
          () => this.noteAway(undefined),
          (error: unknown) => this.noteAway(error), // lost; who listens finds a number missing
        );
  }

  /** One line when the bus goes away and one when it is back. */
  private noteAway(error: unknown): void {
    const isAway = error !== undefined;
    if (isAway === this.isAway) return;
    this.isAway = isAway;
    if (isAway) this.log.warn({ err: error }, 'rooms do not hear of other processes');
    else this.log.info({}, 'rooms hear of other processes again');
  }
}
