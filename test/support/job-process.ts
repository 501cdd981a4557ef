import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { JobsRepository } from '../../src/platform/jobs/jobs.repository.js';
import type { JobsOptions } from '../../src/platform/jobs/jobs.tokens.js';
import type { TestUnits } from './units.js';
import { waitUntil } from './wait-until.js';

/** What a worker process is told (test/support/job-worker.mjs). */
export interface JobProcessSettings {
  databaseUrl: string;
  redisUrl: string | undefined;
  lockMs: number;
  graceMs: number;
  concurrency?: number;
  jobs?: Partial<JobsOptions>;
}

/** A worker in a process of its own, which may be killed at any moment. */
export class JobProcess {
  private text = '';
  readonly exited: Promise<number | NodeJS.Signals>;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (piece: string) => (this.text += piece));
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(code ?? signal ?? 0));
    });
  }

  /** Does not wait: a process may be killed while it starts, too. */
  static spawn(settings: JobProcessSettings): JobProcess {
    return new JobProcess(
      fork('test/support/job-worker.mjs', [JSON.stringify(settings)], {
        execArgv: [],
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      }),
    );
  }

  static async start(settings: JobProcessSettings): Promise<JobProcess> {
    const worker = JobProcess.spawn(settings);
    await waitUntil('the worker is ready', 20_000, () => {
      if (worker.child.exitCode !== null) throw new Error(`The worker ended:\n${worker.text}`);
      return worker.text.includes('ready');
    });
    return worker;
  }

  /** Everything it has printed so far. */
  output(): string {
    return this.text;
  }

  async end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
    this.child.kill(signal);
    return this.exited;
  }
}

/** Rows as a business transaction leaves them; whether any worker is there does not matter. */
export class JobRows {
  private readonly rows = new JobsRepository();
  readonly userId = randomUUID();

  constructor(private readonly units: TestUnits) {}

  /** A table without any key: an effect that happens twice is there twice. */
  async createEffects(): Promise<void> {
    await this.units.owner('CREATE TABLE platform.effect (key text NOT NULL)');
    await this.units.owner('GRANT SELECT, INSERT ON platform.effect TO PUBLIC');
  }

  async insert(name: string, payloads: readonly { key: string; holdMs?: number }[]): Promise<void> {
    const jobs = payloads.map((payload) => ({
      id: randomUUID(),
      name,
      queue: 'trial',
      payload,
      dedupKey: null,
      delayMs: 0,
      parentId: null,
      waitingFor: 0,
    }));
    await this.units.app.run({ id: this.userId }, (tx) => this.rows.insertJobs(tx, this.userId, jobs));
  }

  /** Keys in the order of their effects; one that happened twice is there twice. */
  async effects(): Promise<string[]> {
    return (await this.units.owner<{ key: string }>('SELECT key FROM platform.effect')).map(({ key }) => key);
  }

  /** Number of jobs in each state. */
  async states(): Promise<Record<string, number>> {
    const rows = await this.units.owner<{ state: string; count: number }>(
      'SELECT state, count(*)::int AS count FROM platform.job GROUP BY 1',
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }

  async untilAllEnded(limitMs: number): Promise<void> {
    await waitUntil('all jobs have ended', limitMs, async () => {
      const { open = 0, relayed = 0, waiting = 0 } = await this.states();
      return open + relayed + waiting === 0;
    });
  }
}
