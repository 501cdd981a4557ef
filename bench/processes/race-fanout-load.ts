import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Latencies, LoadRequest } from '../support/race-fanout.js';
import type { Places, Racer } from '../support/race-world.js';
import { randomOf } from '../support/random-data.js';
import { answerRequests } from '../support/worker.js';

// Runners and those who watch them. Every runner has a race of its own, runs at one of the two processes, and half of the observers
// of the race sit at the other. One clock: the same process sends and reads.

const AT_ONCE = 25;
/** Runners send a fix as often. */
const EVERY_MS = 1_000;
/** In the first message: the runner is over the start line then. */
const FIRST_FIXES = 20;
/** After the last fix was sent. */
const LATE_MS = 3_000;
const STARTED_AT_MS = Date.now() - 3_600_000;

interface Runner {
  readonly socket: WebSocket;
  readonly racer: Racer;
  readonly places: Places;
  seq: number;
  /** Of each fix of this round, by its number. */
  readonly sentMs: Map<number, number>;
  /** How many observers were told of it. */
  readonly told: Map<number, number>;
}

interface Side {
  readonly runners: Runner[];
  readonly observers: number;
  readonly near: number[];
  readonly far: number[];
}

const sides = new Map<string, Side>();

answerRequests(async (request: LoadRequest): Promise<Latencies | null> => {
  if (request.kind === 'open') {
    sides.set(request.name, await openSide(request));
    return null;
  }
  return run(sides.get(request.name)!, request.seconds, request.seed);
});

async function openSide(request: Extract<LoadRequest, { kind: 'open' }>): Promise<Side> {
  const { urls, token, courses, racers, observers } = request;
  const side: Side = { runners: [], observers, near: [], far: [] };
  for (const [index, racer] of racers.entries()) {
    const home = index % 2;
    const { raceId, runId } = racer;
    const socket = await enter(urls[home]!, token, 'race.join', { raceId, runId }, () => undefined);
    const runner: Runner = {
      socket,
      racer,
      places: courses[racer.course]!,
      seq: 0,
      sentMs: new Map(),
      told: new Map(),
    };
    for (let start = 0; start < observers; start += AT_ONCE)
      await Promise.all(
        Array.from({ length: Math.min(AT_ONCE, observers - start) }, (_none, place) => {
          const at = (start + place) % 2;
          const noted = at === home ? side.near : side.far;
          return enter(urls[at]!, token, 'watch', { raceId }, (text, atMs) =>
            note(runner, noted, text, atMs),
          );
        }),
      );
    side.runners.push(runner);
    send(runner, FIRST_FIXES);
  }
  return side;
}

async function run(side: Side, seconds: number, seed: number): Promise<Latencies> {
  const { runners, observers, near, far } = side;
  const random = randomOf(seed, 1);
  near.length = far.length = 0;
  for (const { sentMs, told } of runners) {
    sentMs.clear();
    told.clear();
  }
  const turns = runners
    .map((runner) => ({ runner, phaseMs: random.uniform() * EVERY_MS }))
    .sort((a, b) => a.phaseMs - b.phaseMs);
  const startedMs = performance.now();
  for (let second = 0; second < seconds; second += 1) {
    for (const { runner, phaseMs } of turns) {
      const waitMs = second * EVERY_MS + phaseMs - (performance.now() - startedMs);
      if (waitMs > 1) await sleep(waitMs);
      send(runner, 1);
    }
  }
  const wanted = runners.length * seconds * observers;
  const untilMs = performance.now() + LATE_MS;
  while (near.length + far.length < wanted && performance.now() < untilMs) await sleep(20);
  const told = runners.flatMap((runner) => [...runner.told.values()]);
  const lost = told.reduce((sum, count) => sum + observers - count, 0);
  return { near: [...near], far: [...far], lost, skipped: runners.length * seconds - told.length };
}

function send(runner: Runner, fixes: number): void {
  const f = Array.from({ length: fixes }, () => {
    const [lat, lon] = runner.places[Math.min(runner.seq, runner.places.length - 1)]!;
    runner.seq += 1;
    return [runner.seq, STARTED_AT_MS + runner.seq * EVERY_MS, lat, lon, 6];
  });
  runner.sentMs.set(runner.seq, performance.now());
  runner.socket.send(JSON.stringify({ event: 'fix', data: { runId: runner.racer.runId, f } }));
}

/** A position says of which moment it is, by the runner's clock: that of a fix. */
function note({ sentMs, told }: Runner, latencies: number[], text: string, nowMs: number): void {
  if (!text.startsWith('{"event":"pos"')) return;
  const seq = (Number(/"at":(\d+)/.exec(text)![1]) - STARTED_AT_MS) / EVERY_MS;
  const sent = sentMs.get(seq);
  if (sent === undefined) return; // of the round before
  latencies.push(nowMs - sent);
  told.set(seq, (told.get(seq) ?? 0) + 1);
}

/** A socket that has asked for something and was answered `done`. */
async function enter(
  url: string,
  token: string,
  event: string,
  data: object,
  onText: (text: string, atMs: number) => void,
): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws/running`, {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  });
  await new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', resolve);
  });
  const done = new Promise<void>((resolve) => {
    socket.on('message', (bytes: Buffer) => {
      const atMs = performance.now();
      const text = bytes.toString('latin1');
      if (text.startsWith('{"event":"error"')) throw new Error(text);
      if (text.startsWith('{"event":"done"')) resolve();
      else onText(text, atMs);
    });
  });
  socket.send(JSON.stringify({ event, data, id: 'first' }));
  await done;
  return socket;
}
