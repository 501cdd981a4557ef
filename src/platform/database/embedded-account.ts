import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { StartupError } from '../config/startup-error.js';

/**
 * PostgreSQL refuses to run as root. An ordinary user runs it as itself, with everything in its data folder. Root lends
 * it another account: the one that owns an existing database there, else `postgres`, else `nobody`. That account must be
 * able to enter every folder on its way; below a folder that only root may enter (root's home), database and programs
 * live outside instead, in a folder named after the data folder, so that the next start finds them again.
 */
export interface ServerAccount {
  name: string;
  uid: number;
  gid: number;
}

/** Where one data folder's database lives. `account` is null when the server runs as this process's own user. */
export interface DatabaseHome {
  home: string;
  dataDir: string;
  account: ServerAccount | null;
  /** Programs that had to be copied lie here. */
  programsDir: string;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** @param dir the data folder, existing, its real path. Creates nothing. */
export function locateHome(dir: string): DatabaseHome {
  const inside = { home: dir, dataDir: join(dir, 'postgres') };
  if (!isRoot()) return { ...inside, account: null, programsDir: dir };

  const owner = ownerOf(inside.dataDir);
  const account = owner ?? serviceAccount();
  const outerFolder = outsideFolder(account);
  const outside = join(outerFolder, createHash('sha256').update(dir).digest('hex').slice(0, 16));
  const isReachable = canEnter(account, dir);
  if (owner !== null && !isReachable) {
    throw new StartupError(
      `The account ${account.name}, which owns the database in ${inside.dataDir}, may not enter that folder, and ` +
        `PostgreSQL refuses to run as root: let it in (chmod o+x on the folders above), or start Guildhall as its owner.`,
    );
  }
  // A database that began outside stays there, even if the folder has been opened since.
  const isOutside = !isReachable || (owner === null && existsSync(join(outside, 'postgres', 'PG_VERSION')));
  if (!isOutside) return { ...inside, account, programsDir: outerFolder };
  return { home: outside, dataDir: join(outside, 'postgres'), account, programsDir: outerFolder };
}

/** Creates a home that lies outside its data folder, with a note on whose it is. */
export function createHome(location: DatabaseHome, dir: string): void {
  if (location.home === dir) return;
  trustedFolder(dirname(location.home));
  trustedFolder(location.home);
  const note = join(location.home, 'belongs-to.txt');
  if (!existsSync(note)) writeFileSync(note, `${dir}\n`);
}

/** The folder for copied programs and outside homes: only root may write there, everybody may pass. */
export function trustedFolder(path: string): void {
  mkdirSync(path, { recursive: true });
  const found = lstatSync(path);
  if (!found.isDirectory() || found.uid !== 0) {
    throw new StartupError(
      `${path} does not belong to root, so the database cannot be kept there; remove it.`,
    );
  }
  chmodSync(path, 0o711);
}

/** Whether the account passes every folder down to this path and may use what is there (read, and enter or run). */
export function canReach(account: ServerAccount, path: string): boolean {
  try {
    const real = realpathSync(path);
    const found = statSync(real);
    const isProgram = found.isFile() && (found.mode & 0o111) !== 0;
    const wanted = found.isDirectory() || isProgram ? 0o5 : 0o4;
    return canEnter(account, dirname(real)) && hasRight(account, real, wanted);
  } catch {
    return false;
  }
}

/** How the operator knows the user this process runs as. */
export function currentUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `number ${process.getuid?.() ?? '?'}`; // a container's user without an entry in /etc/passwd
  }
}

function canEnter(account: ServerAccount, folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (!hasRight(account, at, 0o1)) return false;
    if (at === dirname(at)) return true;
  }
}

/** By the permission bits. Access lists are not seen: a folder opened only by one counts as closed, which is safe. */
function hasRight(account: ServerAccount, path: string, wanted: number): boolean {
  const found = statSync(path);
  const shift = found.uid === account.uid ? 6 : found.gid === account.gid ? 3 : 0;
  return ((found.mode >> shift) & wanted) === wanted;
}

function outsideFolder(account: ServerAccount): string {
  const candidates = ['/var/lib', realpathSync(tmpdir()), '/tmp'];
  const parent = candidates.find((path) => isWritable(path) && canEnter(account, path));
  return join(parent ?? '/tmp', 'guildhall');
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Owner of an existing database folder, unless that is root (a folder left half made). */
function ownerOf(dataDir: string): ServerAccount | null {
  if (!existsSync(join(dataDir, 'PG_VERSION'))) return null;
  const { uid, gid } = statSync(dataDir);
  if (uid === 0) return null;
  return accounts().find((account) => account.uid === uid) ?? { name: `number ${uid}`, uid, gid };
}

function serviceAccount(): ServerAccount {
  const all = accounts();
  const account = all.find(({ name }) => name === 'postgres') ?? all.find(({ name }) => name === 'nobody');
  if (account === undefined || account.uid === 0) {
    throw new StartupError(
      'PostgreSQL refuses to run as root, and there is no account "postgres" or "nobody" to run it as: start Guildhall ' +
        'as an ordinary user, or set DATABASE_URL to a server of your own.',
    );
  }
  return account;
}

function accounts(): ServerAccount[] {
  const path = '/etc/passwd';
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    if (!name || name.startsWith('#') || uid === undefined || gid === undefined) return [];
    return [{ name, uid: Number(uid), gid: Number(gid) }];
  });
}
