import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Figures } from '../../src/agent-analytics/figures/figures.service.js';
import { SessionFiguresRepository } from '../../src/agent-analytics/figures/session-figures.repository.js';
import { SessionTextsRepository } from '../../src/agent-analytics/figures/session-texts.repository.js';
import { ErasedPages } from '../../src/agent-analytics/erasures/erased-pages.service.js';
import { TextErasuresRepository } from '../../src/agent-analytics/erasures/text-erasures.repository.js';
import { FiguresRepository } from '../../src/agent-analytics/figures/figures.repository.js';
import { CUPID_NAMES } from '../../src/agent-analytics/figures/story-names.js';
import { LangfuseSource, type StreamStore } from '../../src/agent-analytics/langfuse/langfuse.source.js';
import { LangfuseTables } from '../../src/agent-analytics/store/langfuse-tables.service.js';
import { RawRowsRepository } from '../../src/agent-analytics/store/raw-rows.repository.js';
import { CompatReads } from '../../src/agent-analytics/compat/compat-reads.service.js';
import { CompatRepository } from '../../src/agent-analytics/compat/compat.repository.js';
import { SpokenStepsRepository } from '../../src/agent-analytics/figures/spoken-steps.repository.js';
import { READ_PRINCIPAL } from '../../src/platform/auth/principal.js';
import type { Env } from '../../src/platform/config/env.js';
import type { StoreOutcome } from '../../src/platform/sync/sync-source.js';
import { packageRoot } from '../../src/platform/config/package-root.js';
import { SYSTEM_SCOPE } from '../../src/platform/database/system-scope.js';
import type { RecordedRows } from '../../src/sandbox/langfuse/recorded-world.js';
import { EVERYTHING, type LangfuseTrial, readAll } from './langfuse-trial.js';
import type { TestUnits } from './units.js';

export const PROJECT = 'cupid';
export const NEVER = new AbortController().signal;

/** The domain on a database of one's own, without an engine: pages are read and stored by hand. */
export class AgentsTrial {
  readonly figures: Figures;
  readonly tables: LangfuseTables;
  readonly reads: CompatReads;

  constructor(readonly units: TestUnits) {
    this.figures = new Figures(
      units.system,
      new FiguresRepository(),
      new SessionFiguresRepository(),
      new SpokenStepsRepository(),
      new SessionTextsRepository(),
      CUPID_NAMES,
    );
    this.tables = new LangfuseTables(
      new RawRowsRepository(),
      this.figures,
      new ErasedPages(new TextErasuresRepository()),
    );
    const env = { langfuse: [{ name: PROJECT }] } as unknown as Env;
    this.reads = new CompatReads(
      env,
      units.app,
      new CompatRepository(),
      new SpokenStepsRepository(),
      CUPID_NAMES,
    );
  }

  get caller(): typeof READ_PRINCIPAL {
    return READ_PRINCIPAL;
  }

  /** Reads everything that a Langfuse has, as a run does, and rebuilds. */
  async copy(trial: LangfuseTrial, projectId = PROJECT): Promise<void> {
    const source = new LangfuseSource(trial.client, 300_000, this.tables.storeOf(projectId));
    await source.prepare(NEVER);
    for (const stream of source.streams) {
      const requestedAt = new Date();
      const rows = await readAll(stream, EVERYTHING);
      await this.units.system.run(SYSTEM_SCOPE, (tx) =>
        stream.store(tx, [...rows.values()], { runId: 'trial', requestedAt }),
      );
    }
    await source.afterRun({ runId: 'trial', signal: NEVER });
  }

  store<Row>(stream: StreamStore<Row>, rows: readonly Row[], requestedAt: Date): Promise<StoreOutcome> {
    return this.units.system.run(SYSTEM_SCOPE, (tx) =>
      stream.store(tx, rows, { runId: 'trial', requestedAt }),
    );
  }

  remove<Row>(stream: StreamStore<Row>, keys: readonly string[]): Promise<number> {
    return this.units.system.run(SYSTEM_SCOPE, (tx) => stream.stored!.remove(tx, keys));
  }

  /** Every derived row of a project, in one order and without the project's name: histories that end alike have equal dumps. */
  derived(projectId = PROJECT): Promise<Dump> {
    return this.dump(DERIVED_TABLES, projectId);
  }

  /** Likewise every raw row. */
  raw(projectId = PROJECT): Promise<Dump> {
    return this.dump(RAW_TABLES, projectId);
  }

  private async dump(tables: readonly string[], projectId: string): Promise<Dump> {
    const dumps: Dump = {};
    for (const table of tables) {
      const rows = await this.units.owner<{ row: Record<string, unknown> }>(
        `SELECT to_jsonb(t) - 'project_id' AS row FROM agent_analytics.${table} t WHERE project_id = $1 ORDER BY t::text COLLATE "C"`,
        [projectId],
      );
      dumps[table] = rows.map(({ row }) => row);
    }
    return dumps;
  }
}

export type Dump = Record<string, Record<string, unknown>[]>;

const DERIVED_TABLES = [
  'trace_figure',
  'session_figure',
  'agent_run',
  'trace_gap',
  'chapter_day',
  'agent_day',
  'turn',
  'session_text',
];
const RAW_TABLES = ['session', 'trace', 'observation', 'score', 'payload'];
const FOLDER = resolve(packageRoot(), '../shared/data/langfuse');
const RECORDED = existsSync(FOLDER) ? FOLDER : undefined;

/** Folder of the recorded rows of a real project; undefined where there is none. */
export const recordedFolder = RECORDED;

export function readRecorded(file: string): unknown {
  return JSON.parse(readFileSync(join(RECORDED!, file), 'utf8')) as unknown;
}

export function recordedRows(): RecordedRows {
  const rows = (file: string): RecordedRows['traces'] => {
    const json = readRecorded(file);
    return (Array.isArray(json) ? json : (json as { data: unknown }).data) as RecordedRows['traces'];
  };
  return {
    sessions: rows('sessions.json'),
    traces: rows('traces.json'),
    observations: rows('observations.synthetic.json'),
  };
}
