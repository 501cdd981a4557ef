import { setTimeout as sleep } from 'node:timers/promises';
import { RACE_FRAMES } from '../../src/running/races/race.frames.js';
import { LiveClient, type SeenFrame } from './live-client.js';
import type { Person } from './people.js';
import type { SentFix } from './running-trial.js';

/** Between two messages; the gateway takes ten a second on average and two hundred at once. */
const MESSAGE_EVERY_MS = 30;

/**
 * What a client of docs/asyncapi.yaml does in a race: it keeps each fix until it is acknowledged, and when its connection breaks it comes back,
 * asks what is stored and sends the rest.
 */
export class RacePhone {
  /** Every frame of every connection, in the order in which they came. */
  readonly frames: SeenFrame[] = [];
  /** Fixes up to this number were acknowledged. */
  acknowledged = 0;
  /** Highest number that was ever sent. */
  sent = 0;
  private client: LiveClient | undefined;

  constructor(
    readonly who: Person,
    readonly raceId: string,
    readonly runId: string,
    readonly fixes: readonly SentFix[],
  ) {}

  /** @returns the part of the snapshot that is about the own run */
  async connect(base: string): Promise<SeenFrame['data']> {
    const client = await LiveClient.open(base, RACE_FRAMES, { token: this.who.accessToken });
    this.client = client;
    client.socket.on('message', (bytes: Buffer) => this.note(JSON.parse(bytes.toString()) as SeenFrame));
    const { event, data } = await client.ask('race.join', { raceId: this.raceId, runId: this.runId });
    if (event !== 'done') throw new Error(`Not in the race: ${JSON.stringify(data)}`);
    const { run } = client.of('snapshot')[0]!.data;
    this.acknowledged = Math.max(this.acknowledged, run.upTo);
    return run;
  }

  /** Sends what was not acknowledged, until it is, or the connection breaks. @param perMessage how many fixes go together */
  async run(perMessage: number, upTo = this.fixes.length): Promise<void> {
    const client = this.client!;
    const { runId } = this;
    for (let from = this.acknowledged; from < upTo && isOpen(client); from += perMessage) {
      const some = this.fixes.slice(from, Math.min(upTo, from + perMessage));
      client.send('fix', { runId, f: some });
      this.sent = Math.max(this.sent, some.at(-1)![0]);
      await sleep(MESSAGE_EVERY_MS);
    }
    while (this.acknowledged < upTo && isOpen(client)) await sleep(15);
    client.assertDeclared();
  }

  async finish(): Promise<void> {
    const { event, data } = await this.client!.ask('finish', {
      runId: this.runId,
      lastSeq: this.fixes.length,
    });
    if (event !== 'done') throw new Error(`Not finished: ${JSON.stringify(data)}`);
  }

  /** The newest of its frames. */
  last(event: string): SeenFrame['data'] {
    return this.frames.findLast((frame) => frame.event === event)?.data;
  }

  close(): void {
    this.client?.close();
  }

  private note(frame: SeenFrame): void {
    this.frames.push(frame);
    if (frame.event === 'ack') this.acknowledged = Math.max(this.acknowledged, frame.data.upTo);
  }
}

function isOpen({ socket }: LiveClient): boolean {
  return socket.readyState === socket.OPEN;
}
