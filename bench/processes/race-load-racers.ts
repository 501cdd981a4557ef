import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Quantiles, RaceLoadRequest, RaceOpened, RaceSpan } from '../support/race-load.js';
import type { Places, Racer } from '../support/race-world.js';
import { randomOf } from '../support/random-data.js';
import { quantile } from '../support/statistics.js';
import { answerRequests } from '../support/worker.js';

// Phones of thousands of racers: each sends a fix a second, at a moment of its own, and notes when its gap and its acknowledgement come.

const AT_ONCE = 24;
/** In the first message: the racer is over the start line then. */
const FIRST_FIXES = 20;
const EVERY_MS = 1_000;
/** After the last fix of a round: what has piled up at a machine that is too small for it is still stored. */
const LATE_MS = 60_000;
const STARTED_AT_MS = Date.now() - 3_600_000;

class Phone {
  seq = 0;
  gapSeq = 0;
  ackSeq = 0;
  /** When each fix was sent, by its number. */
  private readonly sentMs: number[] = [0];
  /** Told once, when all that was sent is acknowledged. */
  private caughtUp: (() => void) | undefined;

  constructor(
    private readonly side: Side,
    private readonly socket: WebSocket,
    private readonly racer: Racer,
    private readonly places: Places,
  ) {
    socket.on('message', (bytes: Buffer) => this.take(bytes));
    socket.on('close', (code: number) => {
      throw new Error(`A socket of ${side.name} was closed with ${code}`);
    });
  }

  send(fixes: number): void {
    const f = Array.from({ length: fixes }, () => this.nextFix());
    this.sentMs.push(...f.map(() => performance.now()));
    const text = JSON.stringify({ event: 'fix', data: { runId: this.racer.runId, f } });
    this.side.sentBytes += text.length;
    this.socket.send(text);
  }

  /** Everything up to the newest is acknowledged. */
  whenCaughtUp(): Promise<void> {
    return new Promise((resolve) => {
      if (this.ackSeq >= this.seq) resolve();
      else this.caughtUp = resolve;
    });
  }

  private nextFix(): (number | null)[] {
    const [lat, lon] = this.places[Math.min(this.seq, this.places.length - 1)]!;
    this.seq += 1;
    const atMs = STARTED_AT_MS + this.seq * EVERY_MS;
    return [this.seq, atMs, lat, lon, 6, 52.5, 3.3, 87.5, 152, 172];
  }

  private take(bytes: Buffer): void {
    const nowMs = performance.now();
    this.side.receivedBytes += bytes.length;
    if (this.side.isEcho) {
      // In order, and the first message held the first fixes.
      const seq = Math.max(this.ackSeq + 1, FIRST_FIXES);
      this.noteGap(seq, nowMs);
      this.noteAck(seq, nowMs);
      return;
    }
    const text = bytes.toString('latin1');
    if (text.startsWith('{"event":"gap"')) this.noteGap(numberAfter(text, '"seq":'), nowMs);
    else if (text.startsWith('{"event":"ack"')) this.noteAck(numberAfter(text, '"upTo":'), nowMs);
    else if (text.startsWith('{"event":"error"')) throw new Error(text);
  }

  private noteGap(seq: number, nowMs: number): void {
    this.gapSeq = seq;
    this.side.gapMs.push(nowMs - this.sentMs[seq]!);
  }

  private noteAck(upTo: number, nowMs: number): void {
    for (; this.ackSeq < upTo; this.ackSeq += 1) this.side.ackMs.push(nowMs - this.sentMs[this.ackSeq + 1]!);
    if (upTo < this.seq) return;
    this.caughtUp?.();
    this.caughtUp = undefined;
  }
}

interface Side {
  readonly name: string;
  readonly isEcho: boolean;
  phones: readonly Phone[];
  /** When in a second each of them sends. */
  phasesMs: readonly number[];
  gapMs: number[];
  ackMs: number[];
  sentBytes: number;
  receivedBytes: number;
}

const sides = new Map<string, Side>();

answerRequests(async (request: RaceLoadRequest): Promise<RaceOpened | RaceSpan> => {
  if (request.kind === 'open') return open(request);
  return run(sides.get(request.name)!, request.seconds);
});

async function open(request: Extract<RaceLoadRequest, { kind: 'open' }>): Promise<RaceOpened> {
  const { name, racers, isEcho, seed } = request;
  const random = randomOf(seed, 3);
  const phasesMs = racers.map(() => random.uniform() * EVERY_MS);
  const side: Side = {
    name,
    isEcho,
    phones: [],
    phasesMs,
    gapMs: [],
    ackMs: [],
    sentBytes: 0,
    receivedBytes: 0,
  };
  const startedMs = performance.now();
  const phones: Phone[] = [];
  for (let from = 0; from < racers.length; from += AT_ONCE) {
    const some = racers.slice(from, from + AT_ONCE);
    phones.push(...(await Promise.all(some.map((racer) => enter(request, side, racer)))));
  }
  await Promise.all(phones.map((phone) => phone.whenCaughtUp()));
  side.phones = phones;
  sides.set(name, side);
  return { seconds: (performance.now() - startedMs) / 1_000, fixes: phones.length * FIRST_FIXES };
}

/** A socket whose racer has joined the race. */
async function enter(
  { url, token, courses }: Extract<RaceLoadRequest, { kind: 'open' }>,
  side: Side,
  racer: Racer,
): Promise<Phone> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws/running`, {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const phone = new Phone(side, socket, racer, courses[racer.course]!);
  if (side.isEcho) {
    phone.send(FIRST_FIXES);
    return phone;
  }
  const { raceId, runId } = racer;
  const done = new Promise<void>((resolve) => {
    const listen = (bytes: Buffer): void => {
      if (!bytes.toString('latin1').startsWith('{"event":"done"')) return;
      socket.off('message', listen);
      resolve();
    };
    socket.on('message', listen);
  });
  socket.send(JSON.stringify({ event: 'race.join', data: { raceId, runId }, id: 'join' }));
  await done;
  phone.send(FIRST_FIXES);
  return phone;
}

async function run(side: Side, seconds: number): Promise<RaceSpan> {
  Object.assign(side, { gapMs: [], ackMs: [], sentBytes: 0, receivedBytes: 0 });
  const { phones, phasesMs } = side;
  const order = phones.map((phone, index) => ({ phone, phaseMs: phasesMs[index]! }));
  order.sort((a, b) => a.phaseMs - b.phaseMs);
  const startedMs = performance.now();
  for (let second = 0; second < seconds; second += 1) {
    for (const { phone, phaseMs } of order) {
      const waitMs = second * EVERY_MS + phaseMs - (performance.now() - startedMs);
      if (waitMs > 1) await sleep(waitMs);
      phone.send(1);
    }
  }
  const sentS = (performance.now() - startedMs) / 1_000;
  const fixes = phones.length * seconds;
  await Promise.race([
    Promise.all(phones.map((phone) => phone.whenCaughtUp())),
    sleep(LATE_MS, undefined, { ref: false }),
  ]);
  const lost = phones.reduce((sum, { seq, ackSeq, gapSeq }) => sum + seq - Math.min(ackSeq, gapSeq), 0);
  return {
    fixes,
    seconds: sentS,
    gapMs: quantilesOf(side.gapMs),
    ackMs: quantilesOf(side.ackMs),
    lost,
    bytesPerFix: { sent: side.sentBytes / fixes, received: side.receivedBytes / fixes },
  };
}

function quantilesOf(values: readonly number[]): Quantiles {
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99) };
}

function numberAfter(text: string, name: string): number {
  return Number.parseInt(
    text.slice(text.indexOf(name) + name.length, text.indexOf(name) + name.length + 8),
    10,
  );
}
