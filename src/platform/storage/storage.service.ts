import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ENV } from '../config/config.module.js';
import { type Env, filesPath } from '../config/env.js';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { type Scope, type Tx, UnitOfWork } from '../database/unit-of-work.js';
import { isUuid } from '../database/uuid.js';
import { cleanPicture } from './clean-picture.js';
import { FILE_PURPOSES, type FilePurpose } from './file-purposes.js';
import { type ByteSpan, type FileStore } from './file-store.js';
import { measureFile, type ReceivedFile, receiveFile } from './receive-file.js';
import { FileRefusedError } from './storage.errors.js';
import { FILE_STORE } from './storage.tokens.js';
import { type StoredFileRow, StoredFilesRepository } from './stored-files.repository.js';

// Files of accounts. Bytes first, then the row: a crash in between leaves bytes that nobody can ask for and the sweep takes away,
// never a row without its file. Deleting goes the other way round, for the same reason; an erasure deletes bytes first, since it
// must not call itself done before they are gone, and comes again after a crash.

const DAY_MS = 86_400_000;
/** Uploads under way in one process; each holds a file handle and its cap of disk. */
const MOST_AT_ONCE = 32;
/** Younger bytes without a row may be about to get one. */
const ORPHAN_AFTER_MS = 3_600_000;
const PORTION = 500;
const NOT_COUNTED = FILE_PURPOSES.filter(({ isCounted }) => !isCounted).map(({ name }) => name);

/** What a caller does in the transaction that makes the file known. */
export type WithFile = (tx: Tx, file: StoredFileRow) => Promise<void>;

@Injectable()
export class Storage {
  private underWay = 0;

  constructor(
    @Inject(ENV) private readonly env: Env,
    @Inject(FILE_STORE) private readonly store: FileStore,
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly rows: StoredFilesRepository,
  ) {}

  /**
   * Takes what a stranger sends: never whole in memory, judged by its content, written anew where it is a picture.
   * @throws FileRefusedError; nothing is left behind then
   */
  async receive(
    owner: Scope,
    purpose: FilePurpose,
    source: Readable,
    also: WithFile,
  ): Promise<StoredFileRow> {
    const id = uuidv7();
    const [raw, clean] = [await this.incomingPath(id), await this.incomingPath(`${id}.clean`)];
    if (this.underWay >= MOST_AT_ONCE) throw new FileRefusedError('busy');
    this.underWay += 1;
    try {
      const received = await receiveFile(source, raw, purpose.maxBytes);
      const mediaType = await sniff(raw, purpose);
      const file = { id, purpose, mediaType };
      if (!purpose.picture) return await this.keep(owner, { ...file, ...received }, raw, also);
      await cleanPicture(raw, clean, mediaType, purpose.picture.maxPixels);
      const measured = await measureFile(clean);
      return await this.keep(owner, { ...file, ...measured }, clean, also);
    } finally {
      this.underWay -= 1;
      await Promise.all([rm(raw, { force: true }), rm(clean, { force: true })]);
    }
  }

  /** Where something may be written that {@link adopt} takes over. What stays there is swept. */
  async incomingPath(name: string): Promise<string> {
    const folder = join(filesPath(this.env), 'incoming');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return join(folder, name);
  }

  /** Puts a file of our making into the store; {@link record} makes it known. @param path is gone afterwards */
  async adopt(id: string, path: string): Promise<ReceivedFile> {
    const measured = await measureFile(path);
    await this.store.put(id, path);
    return measured;
  }

  /** The row of an adopted file, in the transaction of what it was made for; a second one of its id is refused. */
  async record(
    tx: Tx,
    file: { id: string; userId: string; purpose: FilePurpose; mediaType: string } & ReceivedFile,
  ): Promise<StoredFileRow> {
    return this.rows.insertFile(tx, rowOf(file.userId, file));
  }

  read(file: { id: string }, span?: ByteSpan): Promise<Readable> {
    return this.store.open(file.id, span);
  }

  /** @returns undefined for a stranger's, too */
  async find(scope: Scope, id: string): Promise<StoredFileRow | undefined> {
    return this.uow.run(scope, (tx) => this.rows.findFile(tx, id));
  }

  /** For whoever has a signed link. */
  async findAny(id: string): Promise<StoredFileRow | undefined> {
    return this.system.run(SYSTEM_SCOPE, (tx) => this.rows.findFile(tx, id));
  }

  list(
    scope: Scope,
    filter: { purpose: string | null; before: string | null; limit: number },
  ): Promise<StoredFileRow[]> {
    return this.uow.run(scope, (tx) => this.rows.listPage(tx, filter));
  }

  /** @returns undefined for a stranger's, too */
  async delete(scope: Scope, id: string, also: WithFile): Promise<StoredFileRow | undefined> {
    const file = await this.uow.run(scope, async (tx) => {
      const [deleted] = await this.rows.deleteFiles(tx, [id]);
      if (deleted) await also(tx, deleted);
      return deleted;
    });
    if (file) await this.store.delete(file.id);
    return file;
  }

  /** The file is unknown with the transaction; its bytes go when that has committed, at the latest with the sweep. */
  async forget(tx: Tx, id: string): Promise<void> {
    await this.rows.deleteFiles(tx, [id]);
    tx.afterCommit(() => void this.store.delete(id).catch(() => undefined));
  }

  /** Bytes, then rows. @param tx of the system role @param purpose undefined = everything of the user */
  async eraseOwned(tx: Tx, userId: string, purpose?: FilePurpose, exceptId?: string): Promise<void> {
    const owned = await this.rows.listOwned(tx, userId, purpose?.name ?? null);
    const ids = owned.map(({ id }) => id).filter((id) => id !== exceptId);
    for (const id of ids) {
      await this.store.delete(id);
      await this.rows.deleteFiles(tx, [id]); // one by one: the transaction is never idle for longer than one file takes
    }
  }

  /** Takes away what has expired, bytes without a row, and what interrupted uploads left. Safe to repeat and to run twice at once. */
  async sweep(nowMs: number, signal?: AbortSignal): Promise<{ expired: number; orphans: number }> {
    const expired = await this.sweepExpired(signal);
    let orphans = await this.sweepIncoming(nowMs);
    let portion: string[] = [];
    for await (const { key, changedAtMs } of this.store.list()) {
      signal?.throwIfAborted();
      if (nowMs - changedAtMs < ORPHAN_AFTER_MS) continue;
      portion.push(key);
      if (portion.length < PORTION) continue;
      orphans += await this.dropUnknown(portion);
      portion = [];
    }
    return { expired, orphans: orphans + (await this.dropUnknown(portion)) };
  }

  /** Bytes that have no row go. Keys that are no ids are not ours and stay. @returns how many */
  async dropUnknown(keys: readonly string[]): Promise<number> {
    const ids = keys.filter(isUuid);
    if (ids.length === 0) return 0;
    const known = await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.listKnown(tx, ids));
    const unknown = ids.filter((id) => !known.has(id));
    for (const id of unknown) await this.store.delete(id);
    return unknown.length;
  }

  private async sweepExpired(signal?: AbortSignal): Promise<number> {
    for (let total = 0; ;) {
      signal?.throwIfAborted();
      const ids = await this.system.run(SYSTEM_SCOPE, async (tx) => {
        const expired = (await this.rows.listExpired(tx, PORTION)).map(({ id }) => id);
        await this.rows.deleteFiles(tx, expired);
        return expired;
      });
      for (const id of ids) await this.store.delete(id);
      total += ids.length;
      if (ids.length < PORTION) return total;
    }
  }

  private async sweepIncoming(nowMs: number): Promise<number> {
    const folder = await this.incomingPath('.');
    let count = 0;
    for (const name of await readdir(folder)) {
      const found = await stat(join(folder, name)).catch(() => undefined);
      if (!found || nowMs - found.mtimeMs < ORPHAN_AFTER_MS) continue;
      await rm(join(folder, name), { force: true });
      count += 1;
    }
    return count;
  }

  private async keep(
    owner: Scope,
    file: { id: string; purpose: FilePurpose; mediaType: string } & ReceivedFile,
    path: string,
    also: WithFile,
  ): Promise<StoredFileRow> {
    await this.store.put(file.id, path);
    try {
      return await this.uow.run(owner, async (tx) => {
        if (file.purpose.isCounted) await this.assertRoom(tx, owner.id, file.sizeBytes);
        const row = await this.rows.insertFile(tx, rowOf(owner.id, file));
        await also(tx, row);
        return row;
      });
    } catch (error) {
      await this.store.delete(file.id).catch(() => undefined); // the sweep comes later
      throw error;
    }
  }

  /** Whoever comes at the same time waits here for the commit, and then counts what it added. */
  private async assertRoom(tx: Tx, userId: string, sizeBytes: number): Promise<void> {
    await this.rows.lockQuota(tx, userId);
    const used = await this.rows.sumSizes(tx, userId, NOT_COUNTED);
    if (used + sizeBytes > this.env.storageQuotaBytes) throw new FileRefusedError('quota-used-up');
  }
}

function rowOf(
  userId: string,
  file: { id: string; purpose: FilePurpose; mediaType: string } & ReceivedFile,
): Parameters<StoredFilesRepository['insertFile']>[1] {
  const { id, purpose, mediaType, sizeBytes, sha256 } = file;
  const expiresAt = purpose.keptDays === null ? null : new Date(Date.now() + purpose.keptDays * DAY_MS);
  return { id, userId, purpose: purpose.name, mediaType, sizeBytes, sha256, expiresAt };
}

/** @throws FileRefusedError wrong-type */
async function sniff(path: string, purpose: FilePurpose): Promise<string> {
  const own = typeByHead(await headOf(path));
  // What is told by a mark of its own comes first: the library guesses at what it does not know.
  const mediaType = own !== undefined && purpose.mediaTypes.includes(own) ? own : await typeByLibrary(path);
  if (mediaType === undefined || !purpose.mediaTypes.includes(mediaType))
    throw new FileRefusedError('wrong-type');
  return mediaType;
}

async function typeByLibrary(path: string): Promise<string | undefined> {
  const { fileTypeFromFile } = await import('file-type');
  return (await fileTypeFromFile(path).catch(() => undefined))?.mime;
}

/** Of an archive with entries, and of an empty one. */
const ZIP_STARTS = ['PK\u0003\u0004', 'PK\u0005\u0006'];

/** Text tells its kind by nothing but how it begins, FIT by a mark behind the length of its data. */
function typeByHead(head: Buffer): string | undefined {
  if (head.toString('latin1', 8, 12) === '.FIT') return 'application/vnd.ant.fit';
  if (ZIP_STARTS.includes(head.toString('latin1', 0, 4))) return 'application/zip';
  if (head[0] === 0x1f && head[1] === 0x8b) return 'application/gzip';
  const text = withoutZeros(head);
  if (/^\ufeff?\s*\{/.test(text)) return 'application/x-ndjson';
  return /^\ufeff?\s*<[?!:_a-z]/i.test(text) ? 'application/xml' : undefined;
}

/** UTF-16 is told by its byte order mark or by where its zeros stand. */
function withoutZeros(head: Buffer): string {
  const isUtf16 = head[0] === 0 || head[1] === 0 || (head[0] ?? 0) >= 0xfe;
  if (!isUtf16) return head.toString('utf8');
  return head.toString('latin1').replaceAll(/[\0\xfe\xff]/g, '');
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
