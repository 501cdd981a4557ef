import { linkSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, processBirth } from './embedded-process.js';

/**
 * One Guildhall per data folder, also through crashes. A lock inside the database would not do: it is lost when the
 * server restarts its backends, and it does not exist yet while the server is being made.
 *
 * Lock files are numbered; the highest number decides. It names its owner (process id and birth), so the lock of a
 * killed process is known to be free. Taking a free lock means creating the next number, which only one of several can
 * do (link fails when the name exists). Invariant: the highest number is never deleted, so a slow starter that creates
 * a number from an outdated listing finds a higher one afterwards and withdraws.
 */
export interface FolderLock {
  /** Frees the lock; harmless when called twice. */
  release(): void;
}

interface LockRecord {
  pid: number;
  birth: string;
}

const LOCK_NAME = /^lock\.(\d+)$/;
const DRAFT_NAME = /^lock-draft-(\d+)-/;

/** Takes the lock of a folder, or tells which process holds it. Throws what the file system throws. */
export function lockFolder(folder: string): FolderLock | { heldByPid: number } {
  const own: LockRecord = { pid: process.pid, birth: processBirth(process.pid) ?? '' };
  const draft = join(folder, `lock-draft-${process.pid}-${Math.random().toString(36).slice(2)}`);
  writeFileSync(draft, JSON.stringify(own), { mode: 0o644 });
  try {
    for (;;) {
      const highest = lockNumbers(folder)[0] ?? 0;
      const holder = highest === 0 ? null : readRecord(lockPath(folder, highest));
      if (holder !== null && isHeld(holder)) return { heldByPid: holder.pid };
      const number = highest + 1;
      if (!tryLink(draft, lockPath(folder, number))) continue;
      if (lockNumbers(folder)[0] !== number) {
        rmSync(lockPath(folder, number), { force: true });
        continue;
      }
      removeOutdated(folder, number);
      return { release: () => release(lockPath(folder, number)) };
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function release(path: string): void {
  // Emptied, not deleted: the highest number has to stay.
  try {
    truncateSync(path, 0);
  } catch {
    // The folder is gone, and the lock with it.
  }
}

function isHeld(holder: LockRecord): boolean {
  const birth = processBirth(holder.pid);
  return birth !== null && (birth === '' || holder.birth === '' || birth === holder.birth);
}

function readRecord(path: string): LockRecord | null {
  try {
    const record = JSON.parse(readFileSync(path, 'utf8')) as Partial<LockRecord>;
    return typeof record.pid === 'number' && typeof record.birth === 'string' ? (record as LockRecord) : null;
  } catch {
    return null;
  }
}

/** Highest first. */
function lockNumbers(folder: string): number[] {
  return readdirSync(folder)
    .map((name) => Number(LOCK_NAME.exec(name)?.[1] ?? 0))
    .filter((number) => number > 0)
    .sort((a, b) => b - a);
}

function removeOutdated(folder: string, number: number): void {
  for (const name of readdirSync(folder)) {
    const isOldLock = Number(LOCK_NAME.exec(name)?.[1] ?? Infinity) < number;
    const drafter = Number(DRAFT_NAME.exec(name)?.[1] ?? 0);
    if (isOldLock || (drafter > 0 && !isRunning(drafter))) rmSync(join(folder, name), { force: true });
  }
}

function lockPath(folder: string, number: number): string {
  return join(folder, `lock.${number}`);
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
