// 5,000 racers at 1 Hz against three ghosts each, fixes stored: server CPU per fix, against bare ws echoing the same bytes
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectOwner } from './support/guildhall.js';
import { childrenCpuUs, cpuUs } from './support/process-figures.js';
import type { RaceLoadRequest, RaceOpened, RaceSpan } from './support/race-load.js';
import {
  countFixes,
  prepareRaces,
  type RaceWorld,
  startRaceApi,
  startRaceHome,
} from './support/race-world.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { interleave, median, printVariant, ratios } from './support/statistics.js';
import { startWorker, type Worker } from './support/worker.js';

// Three servers are under load in turn: one with 5,000 racers, one like it with 1,000, and a bare `ws` that sends each message of its 5,000
// sockets back. Ghosts are runs of their own, so each fix is projected on three routes. Every racer joined its race by `race.join`. CPU is that of
// the server process, with what it does anyway; PostgreSQL's is told beside it. Fixes count as lost when no gap came, no acknowledgement, or no
// row is there in the end. `--quick` takes a fifth of both numbers: `racers` says how many there were.

const RACERS = { quick: 1_000, full: 5_000 };
/** So many times fewer at the second server. */
const FEWER_TIMES = 5;
const SECONDS = { quick: 2, full: 10 };
const WARM_UP_S = { quick: 2, full: 6 };
const IDLE_MS = 2_000;
/** Between two sides, so that none finds the work of the one before. */
const REST_MS = 300;

interface Side {
  readonly name: string;
  readonly pid: number;
}

interface Round extends RaceSpan {
  readonly cpuUsPerFix: number;
  readonly postgresUsPerFix: number;
}

await runBenchmark('race-load', async (benchmark) => {
  const racers = benchmark.isQuick ? RACERS.quick : RACERS.full;
  const fewerRacers = racers / FEWER_TIMES;
  const all = racers + fewerRacers;
  assertDescriptors(racers + all);
  const home = await startRaceHome(benchmark);
  const world = await prepareRaces(benchmark, home, all);
  const [manyServer, fewerServer] = [
    await startRaceApi(benchmark, home, 'many'),
    await startRaceApi(benchmark, home, 'fewer'),
  ];
  const bareServer = startWorker(benchmark, 'bare-ws-server');
  const { url } = await bareServer.ask<{ url: string }>({});
  const load = startWorker(benchmark, 'race-load-racers'); // ends first
  const open = opener(benchmark, load, world);
  const many = await open('many', manyServer, [0, racers]);
  const fewer = await open('fewer', fewerServer, [racers, all]);
  const bare = await open('bare', { url, pid: bareServer.pid }, [0, racers], true);
  const seconds = benchmark.isQuick ? SECONDS.quick : SECONDS.full;
  const round = (side: Side, length = seconds): Promise<Round> =>
    measure(load, side, home.postgresPid, length);
  const warmUpS = benchmark.isQuick ? WARM_UP_S.quick : WARM_UP_S.full;
  for (const side of [many, fewer, bare]) await round(side, warmUpS); // compiles the hot path
  const idleMsPerS = await idle(many.pid);
  const measured = await interleave(benchmark.rounds, {
    many: () => round(many),
    bare: () => round(bare),
    fewer: () => round(fewer),
  });
  const sent = [...measured.many, ...measured.fewer].reduce((sum, { fixes }) => sum + fixes, 0);
  const before = all * warmUpS + many.opened.fixes + fewer.opened.fixes;
  const owner = await connectOwner(benchmark, home);
  const stored = await countFixes(
    owner,
    world.racers.map(({ runId }) => runId),
  );
  return { ...report(measured, sent + before - stored), idle_ms_per_s: idleMsPerS, racers };
});

/** The load generator holds all clients of all sides. */
function assertDescriptors(sockets: number): void {
  const needed = sockets + 500;
  const most = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  if (most !== 'unlimited' && Number(most) < needed)
    throw new Error(`ulimit -Hn is ${most}; the racers need ${needed}`);
}

function opener({ seed }: Benchmark, load: Worker, { token, courses, racers }: RaceWorld) {
  return async (
    name: string,
    { url, pid }: { url: string; pid: number },
    [from, to]: [number, number],
    isEcho = false,
  ): Promise<Side & { opened: RaceOpened }> => {
    const cpuBefore = cpuUs(pid);
    const request: RaceLoadRequest = {
      kind: 'open',
      name,
      url,
      token,
      courses,
      racers: racers.slice(from, to),
      isEcho,
      seed,
    };
    const opened = await load.ask<RaceOpened>(request);
    const cpuMs = (cpuUs(pid) - cpuBefore) / 1_000 / (to - from);
    console.log(
      `  ${name}: ${to - from} racers came in ${opened.seconds.toFixed(1)} s, ${cpuMs.toFixed(2)} ms CPU each`,
    );
    return { name, pid, opened };
  };
}

/** Milliseconds of CPU in a second in which nobody sends. */
async function idle(pid: number): Promise<number> {
  const before = cpuUs(pid);
  await sleep(IDLE_MS);
  return (cpuUs(pid) - before) / IDLE_MS;
}

async function measure(
  load: Worker,
  { name, pid }: Side,
  postgresPid: number,
  seconds: number,
): Promise<Round> {
  await sleep(REST_MS);
  const [before, postgresBefore] = [cpuUs(pid), childrenCpuUs(postgresPid)];
  const span = await load.ask<RaceSpan>({ kind: 'run', name, seconds } satisfies RaceLoadRequest);
  return {
    ...span,
    cpuUsPerFix: (cpuUs(pid) - before) / span.fixes,
    postgresUsPerFix: (childrenCpuUs(postgresPid) - postgresBefore) / span.fixes,
  };
}

function report(measured: Record<'many' | 'bare' | 'fewer', Round[]>, notStored: number): Figures {
  const cpu = (name: keyof typeof measured): number[] => measured[name].map(({ cpuUsPerFix }) => cpuUsPerFix);
  const of = (name: keyof typeof measured, figure: (round: Round) => number): number =>
    median(measured[name].map(figure));
  printVariant('three ghosts each, stored', 'us/fix', cpu('many'));
  printVariant(`${FEWER_TIMES} times fewer racers`, 'us/fix', cpu('fewer'));
  printVariant('bare ws, as many sockets', 'us/message', cpu('bare'));
  printVariant(
    'PostgreSQL beside the first',
    'us/fix',
    measured.many.map(({ postgresUsPerFix }) => postgresUsPerFix),
  );
  for (const name of ['many', 'bare'] as const) {
    const { sent, received } = measured[name][0]!.bytesPerFix;
    console.log(`  ${name}: ${Math.round(sent)} bytes to the server per fix, ${Math.round(received)} back`);
  }
  const lostRounds = [...measured.many, ...measured.fewer].reduce((sum, { lost }) => sum + lost, 0);
  return {
    cpu_ratio_to_bare_ws: median(ratios(cpu('many'), cpu('bare'))),
    growth_5000_over_1000: median(ratios(cpu('many'), cpu('fewer'))),
    lost: lostRounds + Math.abs(notStored),
    p50_gap_ms: of('many', ({ gapMs }) => gapMs.p50),
    p99_gap_ms: of('many', ({ gapMs }) => gapMs.p99),
    p50_ack_ms: of('many', ({ ackMs }) => ackMs.p50),
    p99_ack_ms: of('many', ({ ackMs }) => ackMs.p99),
    cpu_us_per_fix: median(cpu('many')),
    cpu_us_bare: median(cpu('bare')),
    postgres_us_per_fix: of('many', ({ postgresUsPerFix }) => postgresUsPerFix),
    fixes_per_s: of('many', ({ fixes, seconds }) => fixes / seconds),
  };
}
