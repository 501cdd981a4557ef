import type { Principal } from '../auth/principal.js';
import { CLOSE } from './close-codes.js';
import { frameText, textFrame } from './frame-bytes.js';
import type { RealtimeFigures } from './realtime-figures.js';

// One client, as gateways and services see it. What is sent is of two kinds. `send` is for what must arrive (acknowledgements,
// answers, results): it is never dropped; a client that lets it pile up is closed, comes back and resumes. `sendLatest` is for
// states of which only the newest matters (positions, prices): while the client does not read, each key keeps one.
// Invariant: what waits for a client in this process is bounded by `mostQueuedBytes` and one frame per key.

/** The connection below; see ws-wire.ts. */
export interface Wire {
  /** Bytes that the connection has not taken yet. */
  readonly queuedBytes: number;
  readonly isOpen: boolean;
  /** Whole frames. */
  write(bytes: Uint8Array): void;
  ping(): void;
  close(code: number, reason: string): void;
  /** At once, without a word. */
  terminate(): void;
  /** Told once, when everything that waits has been taken. */
  onceDrained(listener: () => void): void;
}

/** Bytes that may wait for one client. */
export interface QueueLimits {
  /** Beyond them, of each key only the newest frame is kept. */
  readonly conflateAboveBytes: number;
  /** Beyond them the client is closed. */
  readonly mostQueuedBytes: number;
  /** As is one that has not read up for so long. */
  readonly mostQueuedMs: number;
}

export const QUEUE_LIMITS: QueueLimits = {
  conflateAboveBytes: 65_536,
  mostQueuedBytes: 1_048_576,
  mostQueuedMs: 30_000,
};

export class LiveSocket {
  /** Of the newest sign of life, by `performance.now()`. */
  seenAtMs = performance.now();
  /** Of the newest question for one. */
  pingedAtMs = 0;
  /** Since when something waits for the client beyond the bound of conflation; undefined = nothing does. */
  private slowSinceMs: number | undefined;
  private readonly latest = new Map<string, () => readonly Uint8Array[]>();
  private readonly closeListeners: (() => void)[] = [];
  private isClosing = false;
  private isGone = false;

  constructor(
    /** Of this connection; the `welcome` frame tells it to the client. */
    readonly id: string,
    /** Renewed when the client authenticates anew. */
    public principal: Principal,
    /** Of the gateway. */
    readonly path: string,
    private readonly wire: Wire,
    private readonly figures: RealtimeFigures,
    private readonly limits: QueueLimits = QUEUE_LIMITS,
  ) {}

  get isOpen(): boolean {
    return !this.isClosing && !this.isGone && this.wire.isOpen;
  }

  /** Must arrive. @param id of the frame that it answers */
  send(event: string, data: unknown, id?: string): void {
    this.sendText(frameText(event, JSON.stringify(data), id));
  }

  /** The same for a frame that is text already. */
  sendText(text: string): void {
    this.sendBytes(textFrame(text), 1);
  }

  /** The same for whole frames, made once for many sockets. @param count how many they are */
  sendBytes(bytes: Uint8Array, count: number): void {
    if (!this.isOpen) return;
    this.figures.framesOut += count;
    this.figures.bytesOut += bytes.length;
    this.wire.write(bytes);
    if (this.wire.queuedBytes > this.limits.conflateAboveBytes) this.noteSlow();
  }

  /** Only the newest of a key matters. */
  sendLatest(key: string, event: string, data: unknown, id?: string): void {
    this.sendLatestBytes(key, textFrame(frameText(event, JSON.stringify(data), id)));
  }

  sendLatestBytes(key: string, bytes: Uint8Array): void {
    if (!this.isOpen) return;
    if (this.slowSinceMs === undefined) return this.sendBytes(bytes, 1);
    this.keep(key, () => [bytes]);
  }

  /**
   * For what is best made when the client has read up, such as all that has changed since it was last told: at once where it
   * reads, else once, then.
   * @param make whole frames
   */
  sendWhenRead(key: string, make: () => readonly Uint8Array[]): void {
    if (!this.isOpen) return;
    if (this.slowSinceMs === undefined) this.sendAll(make());
    else this.keep(key, make);
  }

  /** The client does not read as fast as it is sent to: frames of a room go one by one by their keys. */
  get isSlow(): boolean {
    return this.slowSinceMs !== undefined;
  }

  /** @param reason for people; at most 123 bytes */
  close(code: number, reason: string): void {
    if (this.isClosing || this.isGone) return;
    this.isClosing = true;
    this.latest.clear();
    this.wire.close(code, reason);
  }

  /** Told once, however the connection ends; at once where it has ended. */
  onClose(listener: () => void): void {
    if (this.isGone) listener();
    else this.closeListeners.push(listener);
  }

  ping(): void {
    if (this.isOpen) this.wire.ping();
  }

  terminate(): void {
    this.wire.terminate();
  }

  /** Of the adapter, when the connection has ended. */
  noteGone(): void {
    if (this.isGone) return;
    this.isGone = true;
    this.latest.clear();
    for (const listener of this.closeListeners.splice(0)) listener();
  }

  /** Of the sweep: a client that has not read up for too long. */
  isStuck(nowMs: number): boolean {
    return this.slowSinceMs !== undefined && nowMs - this.slowSinceMs > this.limits.mostQueuedMs;
  }

  private noteSlow(): void {
    if (this.wire.queuedBytes > this.limits.mostQueuedBytes) {
      this.close(CLOSE.tooSlow, 'reads too slowly');
      return;
    }
    if (this.slowSinceMs !== undefined) return;
    this.slowSinceMs = performance.now();
    this.wire.onceDrained(() => this.catchUp());
  }

  private catchUp(): void {
    this.slowSinceMs = undefined;
    const waiting = [...this.latest.values()];
    this.latest.clear();
    this.sendAll(waiting.flatMap((make) => make()));
  }

  private sendAll(frames: readonly Uint8Array[]): void {
    if (frames.length > 0) this.sendBytes(Buffer.concat(frames), frames.length);
  }

  private keep(key: string, make: () => readonly Uint8Array[]): void {
    if (this.latest.delete(key)) this.figures.conflated += 1;
    this.latest.set(key, make); // behind the others: a key that changes often does not hold up one that does not
  }
}
