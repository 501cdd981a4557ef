import { closeSync, fstatSync, openSync, readSync, statfsSync } from 'node:fs';
import { StartupError } from '../config/startup-error.js';
import { currentUser, type ServerAccount } from './embedded-account.js';

/** Faults of the machine, as one sentence each for the operator: a full disk, a folder without rights, a server that fails. */

const FULL_DISK = /No space left on device|Disk quota exceeded/i;
/** Below this the server could not even write why it failed. */
const NOTHING_LEFT_BYTES = 1_000_000;
const LOG_TAIL_BYTES = 16_384;

export function diskFull(dir: string): StartupError {
  return new StartupError(
    `The disk that holds ${dir} is full: free some space (an empty database needs 100 MB), or set DATA_DIR to a ` +
      'folder on another disk.',
  );
}

/** Any error of a start as a StartupError. */
export function explainFault(error: unknown, dir: string): StartupError {
  if (error instanceof StartupError) return error;
  const { path, syscall, message, code: given } = error as NodeJS.ErrnoException;
  // What Node makes of a recursive mkdir on a read-only disk.
  const code = given === 'ENOENT' && syscall === 'mkdir' ? 'EROFS' : given;
  const at = path === undefined || path.startsWith(`${dir}/`) ? dir : path;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case '53100': // PostgreSQL's disk_full
      return diskFull(dir);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StartupError(
        `The user ${currentUser()} cannot write to ${at} (${code}): make it writable, start Guildhall as its owner, or set ` +
          'DATA_DIR to another folder.',
        { cause: error },
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return new StartupError(`${at} is not a folder: remove that file, or set DATA_DIR to another folder.`, {
        cause: error,
      });
    default:
      return new StartupError(`The embedded PostgreSQL in ${dir} could not be started: ${message}.`, {
        cause: error,
      });
  }
}

/** A program that the system did not even begin to run, or an account it does not lend. */
export function cannotRun(program: string, error: unknown, account: ServerAccount | null): StartupError {
  const { code } = error as NodeJS.ErrnoException;
  const isAccountRefused = account !== null && (code === 'EPERM' || code === 'EINVAL');
  const sentence = isAccountRefused
    ? `PostgreSQL refuses to run as root, and this machine does not let root use the account ${account.name} (${code}): ` +
      'start Guildhall as an ordinary user, or set DATABASE_URL to a PostgreSQL server of your own.'
    : `${program} does not run on this machine (${code}): set DATABASE_URL to a PostgreSQL server of your own.`;
  return new StartupError(sentence, { cause: error });
}

/** Why a server or initdb gave up, from what it wrote. `log` is where the operator finds the rest. */
export function programFailed(what: string, output: string, dir: string, log: string | null): StartupError {
  if (FULL_DISK.test(output) || isNothingLeft(dir)) return diskFull(dir);
  const last = lastComplaint(output);
  const reason = last === '' ? 'it wrote no reason' : `it wrote "${last}"`;
  return new StartupError(`${what}: ${reason}${log === null ? '' : ` (the whole log is in ${log})`}.`);
}

/** The end of a log file, '' when there is none. */
export function logTail(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, LOG_TAIL_BYTES));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8');
  } finally {
    closeSync(file);
  }
}

function lastComplaint(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const complaint = lines.findLast((line) => /FATAL|PANIC|error|could not/i.test(line)) ?? lines.at(-1) ?? '';
  // Without the server's time stamp and process number.
  return complaint.replace(/^\d{4}-\d\d-\d\d [\d:.]+ \w+ \[\d+\] /, '').trim();
}

function isNothingLeft(dir: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dir);
    return bavail * bsize < NOTHING_LEFT_BYTES;
  } catch {
    return false;
  }
}
