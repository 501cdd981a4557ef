import { createReadStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { randomUUID } from 'node:crypto';
import { ENTITIES } from '../../src/app.entities.js';
import { AuditRepository } from '../../src/platform/audit/audit.repository.js';
import { Audit } from '../../src/platform/audit/audit.service.js';
import { filesPath, parseEnvironment } from '../../src/platform/config/env.js';
import { openDatabase } from '../../src/platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../src/platform/database/system-scope.js';
import type { JobRun } from '../../src/platform/jobs/job-definition.js';
import { JobsRepository } from '../../src/platform/jobs/jobs.repository.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { Profiler } from '../../src/platform/profiling/profiler.service.js';
import { FolderFileStore } from '../../src/platform/storage/folder-file-store.js';
import { Storage } from '../../src/platform/storage/storage.service.js';
import { StoredFilesRepository } from '../../src/platform/storage/stored-files.repository.js';
import { AnalysesRepository } from '../../src/running/analysis/analyses.repository.js';
import { RunAnalyser } from '../../src/running/analysis/run-analyser.service.js';
import { ImportRuns } from '../../src/running/files/import-runs.service.js';
import { ImportSources } from '../../src/running/files/import-sources.service.js';
import { ImportedRuns } from '../../src/running/files/imported-runs.service.js';
import { RUN_IMPORT_FILE } from '../../src/running/files/run-import-file.js';
import { RunImportsRepository } from '../../src/running/files/run-imports.repository.js';
import { PreferencesReader } from '../../src/running/profiles/preferences-reader.service.js';
import { PreferencesRepository } from '../../src/running/profiles/preferences.repository.js';
import { RunnerProfilesRepository } from '../../src/running/profiles/runner-profiles.repository.js';
import { RunDefaults } from '../../src/running/runs/run-defaults.service.js';
import { RunTracks } from '../../src/running/runs/run-tracks.service.js';
import { RunWriter } from '../../src/running/runs/run-writer.service.js';
import { RunsRepository } from '../../src/running/runs/runs.repository.js';
import { TracksRepository } from '../../src/running/runs/tracks.repository.js';
import { answerRequests } from '../support/worker.js';

// The product's import of one file, from the store to the committed run: what the job does, without its queue. Every file is imported for a
// runner of its own, since the same file would be told and not imported again.

export type RunImporterRequest =
  { kind: 'open'; databaseUrl: string; folder: string } | { kind: 'import'; path: string };

const LOOP_RESOLUTION_MS = 1;

export interface RunImported {
  seconds: number;
  /** Of the process at its highest, over what it had when the import began. */
  rssGrowthMb: number;
  points: number;
  /** The longest that anything else of the process had to wait, in the import and in the analysis that follows. */
  loopMaxMs: number;
}

let importFile: (path: string) => Promise<RunImported>;

async function open(databaseUrl: string, folder: string): Promise<void> {
  const target = { url: databaseUrl, directUrl: databaseUrl, pooler: 'none' as const, poolMax: 4 };
  const { app, system } = await openDatabase(target, ENTITIES);
  const env = parseEnvironment({ NODE_ENV: 'test', DATA_DIR: folder });
  mkdirSync(join(filesPath(env), 'incoming'), { recursive: true });
  const storage = new Storage(
    env,
    new FolderFileStore(filesPath(env)),
    app,
    system,
    new StoredFilesRepository(),
  );
  const [rows, runs] = [new RunImportsRepository(), new RunsRepository()];
  const jobs = new Jobs(new JobsRepository(), { ring: () => undefined });
  const preferences = new PreferencesReader(new PreferencesRepository(), new RunnerProfilesRepository());
  const tracks = new RunTracks(app, new TracksRepository());
  const writer = new RunWriter(runs, tracks, new RunDefaults(preferences), jobs);
  const taken = new ImportedRuns(runs, writer, rows, preferences);
  const analyser = new RunAnalyser(system, tracks, new AnalysesRepository(), new Profiler());
  const audit = new Audit(new AuditRepository());
  const worker = new ImportRuns(app, rows, new ImportSources(storage), taken, storage, audit);
  importFile = async (path) => {
    const owner = { id: randomUUID() };
    const importId = randomUUID();
    // Straight into the store: how fast a client sends is not measured, nor is its quota.
    const fileId = randomUUID();
    const copy = await storage.incomingPath(fileId);
    await pipe(path, copy);
    const measured = await storage.adopt(fileId, copy);
    await system.run(SYSTEM_SCOPE, (tx) =>
      storage.record(tx, {
        id: fileId,
        userId: owner.id,
        purpose: RUN_IMPORT_FILE,
        mediaType: 'application/xml',
        ...measured,
      }),
    );
    await app.run(owner, (tx) =>
      rows.insertImport(tx, {
        id: importId,
        userId: owner.id,
        fileId,
        jobId: randomUUID(),
        kind: 'file',
        sizeBytes: measured.sizeBytes,
      }),
    );
    const run: JobRun = {
      ...{
        id: 'job',
        ownerId: owner.id,
        attempt: 1,
        signal: new AbortController().signal,
        progress: () => undefined,
      },
      once: (work) => system.run(SYSTEM_SCOPE, work),
    };
    const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
    loop.enable();
    const beforeMb = resetPeak();
    const startedMs = performance.now();
    await worker.work(importId, run);
    const seconds = (performance.now() - startedMs) / 1_000;
    const rssGrowthMb = peakMb() - beforeMb;
    const [imported] = await system.run(SYSTEM_SCOPE, (tx) =>
      tx.query<{ runId: string; points: number }>({
        name: 'bench.count-points',
        text: 'SELECT run_id AS "runId", point_count AS points FROM running.track WHERE user_id = $1',
        values: [owner.id],
      }),
    );
    if (!imported) throw new Error(`Nothing was imported of ${path}`);
    const store = await analyser.analyse(imported.runId);
    await system.run(SYSTEM_SCOPE, store!);
    loop.disable();
    return { seconds, rssGrowthMb, points: imported.points, loopMaxMs: loop.max / 1e6 };
  };
}

async function pipe(from: string, to: string): Promise<void> {
  const { pipeline } = await import('node:stream/promises');
  const { createWriteStream } = await import('node:fs');
  await pipeline(createReadStream(from), createWriteStream(to));
}

/** Forgets the highest that the process has had. @returns what it has now */
function resetPeak(): number {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Without the right to do so the peak is that of the whole process, which is no less.
  }
  return statusMb('VmRSS');
}

const peakMb = (): number => statusMb('VmHWM');

function statusMb(key: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1_024;
}

answerRequests(async (request: RunImporterRequest): Promise<RunImported | null> => {
  if (request.kind === 'import') return importFile(request.path);
  await open(request.databaseUrl, request.folder);
  return null;
});
