import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { type Latencies, type LoadRequest, TRIAL_FRAMES, TRIAL_TOKEN } from '../support/race-fanout.js';
import { randomOf } from '../support/random-data.js';
import { answerRequests } from '../support/worker.js';

// Runners and those who watch them. Every runner has a race of its own, runs at one of the two processes, and half of the observers
// of the race sit at the other. One clock: the same process sends and reads.

const AT_ONCE = 50;
/** Runners say where they are once a second. */
const EVERY_MS = 1_000;
/** After the last frame was sent. */
const LATE_MS = 3_000;
const nowMs = (): number => performance.timeOrigin + performance.now();

interface Side {
  readonly name: string;
  readonly runners: readonly WebSocket[];
  readonly observers: number;
  seq: number;
  readonly near: number[];
  readonly far: number[];
}

const sides = new Map<string, Side>();

answerRequests(async (request: LoadRequest): Promise<Latencies | null> => {
  if (request.kind === 'open') {
    await openSide(request);
    return null;
  }
  return run(sides.get(request.name)!, request.seconds, request.seed);
});

async function openSide({
  name,
  urls,
  racers,
  observers,
}: Extract<LoadRequest, { kind: 'open' }>): Promise<void> {
  const near: number[] = [];
  const far: number[] = [];
  const runners: WebSocket[] = [];
  for (let race = 0; race < racers; race += 1) {
    const home = race % 2;
    runners.push(await open(urls[home]!));
    for (let start = 0; start < observers; start += AT_ONCE)
      await Promise.all(
        Array.from({ length: Math.min(AT_ONCE, observers - start) }, (_none, index) => {
          const at = (start + index) % 2;
          return watch(urls[at]!, `${name}-${race}`, at === home ? near : far);
        }),
      );
  }
  sides.set(name, { name, runners, observers, seq: 0, near, far });
}

async function run(side: Side, seconds: number, seed: number): Promise<Latencies> {
  const { runners, observers, near, far } = side;
  const random = randomOf(seed, 1);
  near.length = 0;
  far.length = 0;
  const phases = runners.map(() => random.uniform() * EVERY_MS);
  const startedMs = performance.now();
  const turns = runners.flatMap((_runner, race) =>
    Array.from({ length: seconds }, (_none, second) => ({ race, atMs: second * EVERY_MS + phases[race]! })),
  );
  turns.sort((a, b) => a.atMs - b.atMs);
  for (const { race, atMs } of turns) {
    const wait = atMs - (performance.now() - startedMs);
    if (wait > 1) await sleep(wait);
    side.seq += 1;
    const data = {
      race: `${side.name}-${race}`,
      seq: side.seq,
      alongM: Math.round(atMs * 3) / 1_000,
      gapS: Math.round(random.uniform() * 200) / 10,
      sentMs: nowMs(),
    };
    runners[race]!.send(JSON.stringify({ event: 'move', data }));
  }
  const wanted = turns.length * observers;
  const untilMs = performance.now() + LATE_MS;
  while (near.length + far.length < wanted && performance.now() < untilMs) await sleep(20);
  return { near: [...near], far: [...far], lost: wanted - near.length - far.length };
}

function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url + TRIAL_FRAMES.path, {
    headers: { authorization: `Bearer ${TRIAL_TOKEN}` },
    perMessageDeflate: false,
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () => resolve(socket));
  });
}

/** @param latencies where they are noted */
async function watch(url: string, race: string, latencies: number[]): Promise<void> {
  const socket = await open(url);
  const joined = new Promise<void>((resolve) => {
    socket.on('message', (bytes: Buffer) => {
      const atMs = nowMs();
      const text = bytes.toString();
      if (text.startsWith('{"event":"moved"')) {
        const sentMs = Number(/"sentMs":([\d.]+)/.exec(text)![1]);
        latencies.push(atMs - sentMs);
      } else if (text.startsWith('{"event":"done"')) resolve();
    });
  });
  socket.send(JSON.stringify({ event: 'watch', data: { race }, id: 'watch' }));
  await joined;
}
