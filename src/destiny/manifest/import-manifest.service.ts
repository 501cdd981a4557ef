import { createHash } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { JobProgress } from '../../platform/jobs/job-definition.js';
import { OutboundError } from '../../platform/outbound/outbound.errors.js';
import { BungieFault } from '../bungie/bungie-fault.js';
import { definitionPortions } from './definition-portions.js';
import { MalformedManifestError } from './definition-splitter.js';
import {
  EditionChangedError,
  ImportTakenOverError,
  type ManifestEdition,
  type ManifestFile,
  ManifestImportError,
  type ManifestSource,
} from './manifest-source.js';
import { MANIFEST_TABLES } from './manifest-tables.js';
import type { TableProgress } from './manifest-version.entity.js';
import { type ClaimedVersion, ManifestVersionsRepository } from './manifest-versions.repository.js';

/** A game that publishes a version per hour is no game; it is tried again tomorrow. */
const MOST_STARTS = 3;

/**
 * After each portion an import rests for so many times as long as that one took: it may take minutes, and the machine belongs to those who
 * wait for an answer.
 */
const REST_RATIO = 2;
const LONGEST_REST_MS = 250;

/** On whose behalf an import runs. */
export interface ImportRun {
  /** Null for the command line. */
  readonly jobId: string | null;
  readonly signal: AbortSignal;
  progress(progress: JobProgress): void;
}

/** What a run has brought in, not read by anybody yet. */
export interface LoadedManifest {
  readonly runId: string;
  readonly version: string;
  readonly ids: readonly number[];
}

/** One table of one version, while it is imported. */
interface TableWork {
  readonly runId: string;
  readonly versionId: number;
  readonly file: ManifestFile;
  readonly signal: AbortSignal;
  readonly onProgress: (readBytes: number, definitionCount: number) => void;
}

/**
 * Brings a version of the manifest in beside the one that is read: per language a partition, table by table in streaming, each portion in
 * a transaction that also says how far the table is. A run that died or was cancelled is gone on with at the table it was at. What a
 * run may write hangs on its id in the version's row, so of two runs one finds itself shut out. Whatever goes wrong, the
 * current version stays; the switch is another matter (manifest-switch.service.ts).
 */
@Injectable()
export class ImportManifest {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly versions: ManifestVersionsRepository,
  ) {}

  /**
   * @returns undefined while another job's import of the same version is under way
   * @throws whatever stops it, after the version's row has been told in a sentence
   */
  async load(
    source: ManifestSource,
    languages: readonly string[],
    run: ImportRun,
  ): Promise<LoadedManifest | undefined> {
    const runId = uuidv7();
    for (let starts = 1; ; starts += 1) {
      try {
        const edition = await source.edition(run.signal);
        return await this.loadEdition(source, edition, languages, run, runId);
      } catch (error) {
        const isChanged = error instanceof EditionChangedError;
        await this.release(runId, run.signal.aborted ? null : sentenceOf(error));
        if (!isChanged || starts === MOST_STARTS) throw error;
      }
    }
  }

  private async loadEdition(
    source: ManifestSource,
    edition: ManifestEdition,
    languages: readonly string[],
    run: ImportRun,
    runId: string,
  ): Promise<LoadedManifest | undefined> {
    const wanted = languages.map((language) => [language, filesOf(edition, language)] as const);
    const total = wanted.length * MANIFEST_TABLES.length;
    const ids: number[] = [];
    let done = 0;
    for (const [language, files] of wanted) {
      const claimed = await this.system.run(SYSTEM_SCOPE, (tx) =>
        this.versions.claimVersion(
          tx,
          { language, version: edition.version, origin: source.origin, jobId: run.jobId },
          runId,
        ),
      );
      if (!claimed) return undefined;
      ids.push(claimed.id);
      for (const file of files) {
        const onProgress = (readBytes: number, count: number): void =>
          run.progress({ done, total, note: noteOf(language, file, readBytes, count) });
        if (isOpen(claimed, file)) {
          await this.importTable(source, {
            runId,
            versionId: claimed.id,
            file,
            signal: run.signal,
            onProgress,
          });
          await assertUnchanged(source, edition, run.signal);
        }
        done += 1;
      }
      if (claimed.state === 'importing')
        await this.writeOrLeave((tx) => this.versions.updateLoaded(tx, claimed.id, runId));
    }
    run.progress({ done, total, note: `version ${edition.version}` });
    return { runId, version: edition.version, ids };
  }

  private async importTable(source: ManifestSource, work: TableWork): Promise<void> {
    const { versionId, file, runId } = work;
    const write = (tx: Tx, progress: TableProgress): Promise<boolean> =>
      this.versions.updateTable(tx, versionId, runId, file.table, progress);
    const started = { path: file.path, isDone: false, definitionCount: 0, readBytes: 0, sha256: null };
    await this.writeOrLeave(async (tx) => {
      if (!(await write(tx, started))) return false;
      await this.versions.deleteDefinitions(tx, versionId, file.table);
      return true;
    });
    const read = await source.read(file, work.signal, (bytes) => this.storeTable(bytes, work));
    await this.writeOrLeave(async (tx) => {
      const definitionCount = await this.versions.countDefinitions(tx, versionId, file.table);
      if (definitionCount === 0) throw new MalformedManifestError(`${file.table}: It holds no definition.`);
      return write(tx, { path: file.path, isDone: true, definitionCount, ...read });
    });
  }

  private async storeTable(
    bytes: AsyncIterable<Uint8Array>,
    { file, versionId, runId, signal, onProgress }: TableWork,
  ): Promise<Pick<TableProgress, 'readBytes' | 'sha256'>> {
    const digest = createHash('sha256');
    let readBytes = 0;
    let count = 0;
    let sinceMs = performance.now();
    async function* digested(): AsyncGenerator<Uint8Array, void, undefined> {
      for await (const chunk of bytes) {
        digest.update(chunk);
        yield chunk;
      }
    }
    const { table, depth, path } = file;
    try {
      for await (const portion of definitionPortions(digested(), { table, depth, rest: () => nextTurn() })) {
        signal.throwIfAborted();
        ({ readBytes } = portion);
        count += portion.definitions.length;
        const progress = { path, isDone: false, definitionCount: count, readBytes, sha256: null };
        await this.writeOrLeave(async (tx) => {
          if (!(await this.versions.updateTable(tx, versionId, runId, table, progress))) return false;
          await this.versions.insertDefinitions(tx, versionId, table, portion.definitions);
          return true;
        });
        onProgress(readBytes, count);
        await sleep(Math.min(LONGEST_REST_MS, (performance.now() - sinceMs) * REST_RATIO), undefined, {
          signal,
        });
        sinceMs = performance.now();
      }
    } catch (error) {
      throw ofTable(error, file);
    }
    return { readBytes, sha256: digest.digest('hex') };
  }

  /** @param write false: this run may write no more */
  private async writeOrLeave(write: (tx: Tx) => Promise<boolean>): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      if (!(await write(tx))) throw new ImportTakenOverError();
    });
  }

  private async release(runId: string, fault: string | null): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, (tx) => this.versions.updateReleased(tx, runId, fault));
  }
}

/** Whether a table is still to be imported. */
function isOpen({ state, tables }: ClaimedVersion, { table, path }: ManifestFile): boolean {
  if (state === 'loaded') return false;
  const known = tables[table];
  return known?.isDone !== true || known.path !== path;
}

/** @throws ManifestImportError for a language or a table that the source has not */
function filesOf({ version, files }: ManifestEdition, language: string): readonly ManifestFile[] {
  const found = files.get(language);
  if (!found) throw new ManifestImportError(`Version ${version} has no language ${language}.`);
  const missing = MANIFEST_TABLES.filter((table) => !found.some((file) => file.table === table));
  if (missing.length > 0) throw new ManifestImportError(`Version ${version} lacks ${missing.join(', ')}.`);
  return MANIFEST_TABLES.map((table) => found.find((file) => file.table === table)!);
}

async function assertUnchanged(
  source: ManifestSource,
  { version }: ManifestEdition,
  signal: AbortSignal,
): Promise<void> {
  const newest = await source.edition(signal);
  if (newest.version !== version) throw new EditionChangedError(newest.version);
}

function ofTable(error: unknown, { table }: ManifestFile): unknown {
  return error instanceof MalformedManifestError
    ? new MalformedManifestError(`${table}: ${error.message}`)
    : error;
}

/** What an operator is told; what else went wrong is in the log with its request. */
function sentenceOf(error: unknown): string {
  const isTold =
    error instanceof MalformedManifestError ||
    error instanceof ManifestImportError ||
    error instanceof EditionChangedError ||
    error instanceof BungieFault ||
    error instanceof OutboundError;
  return isTold ? error.message : 'The definitions could not be stored.';
}

function noteOf(language: string, { table }: ManifestFile, readBytes: number, count: number): string {
  return `${language} ${table}: ${count} definitions, ${(readBytes / 1_000_000).toFixed(1)} MB`;
}
