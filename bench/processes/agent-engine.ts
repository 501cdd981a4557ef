import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { ENTITIES } from '../../src/app.entities.js';
import { AppModule } from '../../src/app.module.js';
import { type Env, parseEnvironment } from '../../src/platform/config/env.js';
import { openDatabase } from '../../src/platform/database/database.module.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import { BUDGET_CLOCK } from '../../src/platform/outbound/outbound-budgets.service.js';
import { OutboundModule } from '../../src/platform/outbound/outbound.module.js';
import { SyncDesk } from '../../src/platform/sync/sync-desk.service.js';
import { SyncModule } from '../../src/platform/sync/sync.module.js';
import { SyncRunner } from '../../src/platform/sync/sync-runner.service.js';
import { SyncStarter } from '../../src/platform/sync/sync-starter.service.js';
import { SYNC_TIMES, type SyncWorld } from '../../src/platform/sync/sync-world.js';
import { openLangfuseSandbox } from '../../src/sandbox/langfuse/langfuse-sandbox.js';
import { storyWorld } from '../../src/sandbox/langfuse/story-world.js';
import {
  type BudgetFigures,
  type CopiedProject,
  type EngineRequest,
  LANGFUSE_KEYS,
  type SyncFigures,
  type UpstreamWorld,
} from '../support/agent-world.js';
import { plainEnvironment } from '../support/guildhall.js';
import { answerRequests } from '../support/worker.js';

// The whole program without a port and without queues: runs are taken up by hand, one after the other. Its engine has a clock of its
// own: rests between pages are not waited for; under a limit that clock is virtual, and rests move it.

// As src/main.ts does.
setFlagsFromString('--no-allocation-site-pretenuring');
setFlagsFromString('--heap-growing-percent=60');

const SCOPE = { id: randomUUID() };
const DOMAIN = 'agent-analytics';
const MINUTE_MS = 60_000;
/** Of the plan `hobby` for the legacy API: of N points N - 1 calls. */
const PERMITTED_PER_MINUTE = 14;
const NEVER = new AbortController().signal;

/** null = real time. */
let virtualMs: number | null = null;
const world: SyncWorld = {
  nowMs: () => virtualMs,
  elapsedMs: () => virtualMs ?? performance.now(),
  sleep: (ms, signal) => {
    signal.throwIfAborted();
    if (virtualMs !== null) virtualMs += ms;
    return Promise.resolve();
  },
  random: () => 0.5,
  times: { ...SYNC_TIMES, turnMs: Number.MAX_SAFE_INTEGER },
};
let app: INestApplicationContext;

answerRequests(async (request: EngineRequest): Promise<SyncFigures | BudgetFigures | null> => {
  switch (request.kind) {
    case 'open':
      app = await open(request.databaseUrl, request.projects, {});
      return null;
    case 'sync':
      return sync(app, `langfuse:${request.project}`);
    case 'budget':
      return spendBudget(request.databaseUrl, request.world);
  }
});

@Module({})
class ProgramModule {}

async function open(
  databaseUrl: string,
  projects: readonly CopiedProject[],
  more: Record<string, string>,
): Promise<INestApplicationContext> {
  const given = projects.map(({ name, baseUrl, sinceMs }) => ({
    ...LANGFUSE_KEYS,
    name,
    baseUrl,
    since: new Date(sinceMs).toISOString().slice(0, 10),
  }));
  const env: Env = parseEnvironment({
    ...plainEnvironment(),
    ...more,
    GUILDHALL_ROLE: 'api',
    DATABASE_URL: databaseUrl,
    LANGFUSE_PROJECTS: JSON.stringify(given),
    DOMAINS: DOMAIN,
  });
  const target = { url: databaseUrl, directUrl: databaseUrl, pooler: 'none', poolMax: 4 } as const;
  const database = await openDatabase(target, ENTITIES);
  const { logger } = createLogger({ role: 'bench', logLevel: 'warn' });
  const program = AppModule.forRoot(env, database, logger);
  const outbound = OutboundModule.forRoot(env, logger);
  const imports = (program.imports ?? []).map((part) => {
    if (!('module' in part)) return part;
    if (part.module === SyncModule) return SyncModule.forRoot(false, world);
    if (part.module !== OutboundModule) return part;
    return {
      ...outbound,
      providers: [...(outbound.providers ?? []), { provide: BUDGET_CLOCK, useValue: () => virtualMs }],
    };
  });
  return NestFactory.createApplicationContext(
    { ...program, module: ProgramModule, imports },
    { logger: ['error'] },
  );
}

async function sync(program: INestApplicationContext, sourceId: string): Promise<SyncFigures> {
  const uow = program.get(UnitOfWork, { strict: false });
  const started = await uow.run(SCOPE, (tx) =>
    program
      .get(SyncStarter, { strict: false })
      .start(tx, { sourceId, kind: 'incremental', trigger: 'request', range: null }),
  );
  if (typeof started === 'string') throw new Error(`The run was not started: ${started}`);
  const job = { id: randomUUID(), signal: NEVER, progress: () => undefined };
  const startedMs = performance.now();
  for (;;) {
    await program.get(SyncRunner, { strict: false }).run(started.run.id, job);
    const run = await program.get(SyncDesk, { strict: false }).findRun(SCOPE, DOMAIN, started.run.id);
    if (run?.finishedAt === null) {
      if (run.retryAt !== null && virtualMs !== null) virtualMs = Math.max(virtualMs, run.retryAt.getTime());
      continue;
    }
    if (run?.state !== 'succeeded') throw new Error(`The run has ${run?.state}: ${run?.error}`);
    const sum = (name: 'fetchMs' | 'storeMs' | 'pages' | 'inserted' | 'updated'): number =>
      run.streams.reduce((whole, stream) => whole + stream[name], 0);
    return {
      ms: performance.now() - startedMs,
      fetchMs: sum('fetchMs'),
      storeMs: sum('storeMs'),
      pages: sum('pages'),
      inserted: sum('inserted'),
      updated: sum('updated'),
    };
  }
}

/** A copy under the real limits of Langfuse Cloud's smallest plan; hours of it take seconds here. */
async function spendBudget(databaseUrl: string, given: UpstreamWorld): Promise<BudgetFigures> {
  virtualMs = given.untilMs;
  const clock = (): number => virtualMs!;
  const sandbox = await openLangfuseSandbox({
    projects: [{ ...LANGFUSE_KEYS, world: storyWorld({ projectId: 'limited', ...given }) }],
    generation: 'legacy',
    plan: 'hobby',
    nowMs: clock,
  });
  const limited = await open(
    databaseUrl,
    [{ name: 'limited', baseUrl: sandbox.url, sinceMs: given.fromMs }],
    { LANGFUSE_PLAN: 'hobby' },
  );
  try {
    const { inserted } = await sync(limited, 'langfuse:limited');
    // Scores have a limit of their own and are not what takes long.
    const calls = sandbox.journal.filter(({ route }) => route !== 'v3-scores' && route !== 'v2-observations');
    const minutes = (calls.at(-1)!.atMs - calls[0]!.atMs) / MINUTE_MS;
    return {
      calls: calls.length,
      refused: calls.filter(({ status }) => status === 429).length,
      permitted: PERMITTED_PER_MINUTE * minutes,
      minutes,
      inserted,
    };
  } finally {
    virtualMs = null;
    await limited.close();
    await sandbox.close();
  }
}
