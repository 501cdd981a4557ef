import { mkdirSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { StartupError } from '../config/startup-error.js';
import { createHome, locateHome } from './embedded-account.js';
import { canSignIn, ensureOwner, findCredentials, ownerUrl, prepareCluster } from './embedded-cluster.js';
import { explainFault } from './embedded-faults.js';
import { lockFolder } from './embedded-lock.js';
import {
  becomesReady,
  findPostmaster,
  isAsLaunched,
  launchPostmaster,
  type LaunchOptions,
  type Postmaster,
  stopPostmaster,
} from './embedded-postmaster.js';
import { preparePrograms } from './embedded-programs.js';
import { PostmasterWatch } from './embedded-watch.js';

/**
 * A PostgreSQL server of our own in a data folder, for everybody who has not set DATABASE_URL. It is started with us
 * and stopped with us, and every way of dying in between has to leave something that the next start can use: a half
 * made database is thrown away, a server that outlived a killed Guildhall is taken over, a killed server recovers.
 *
 * Invariant: whoever touches the folder holds its lock until `stop`, so there is one Guildhall per folder.
 */
export interface EmbeddedPostgres {
  /** Of the owner role `guildhall`, on 127.0.0.1. */
  url: string;
  /** Where the database is; not below the given folder when root starts it where only root may enter. */
  dataDir: string;
  readonly pid: number;
  /** True when a server left behind by a killed Guildhall was taken over. */
  isReused: boolean;
  /**
   * From now on the server is launched again when it dies; `report` is told so.
   * @returns resolves with the reason when it is gone for good, which is then for the caller to end
   */
  keepRunning(report: (sentence: string) => void): Promise<StartupError>;
  /** Stops the server and frees the folder. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts the server, making database and owner role the first time.
 * @param options.dir data folder; made when missing
 * @param options.settings PostgreSQL settings over our defaults, such as `{ fsync: 'off' }` for tests
 * @throws StartupError, one sentence for the operator, for everything that stands in the way
 */
export async function startEmbeddedPostgres(options: {
  dir: string;
  settings?: Record<string, string>;
}): Promise<EmbeddedPostgres> {
  const dir = resolve(options.dir);
  try {
    mkdirSync(dir, { recursive: true, mode: 0o755 });
    return await startLocked(realpathSync(dir), options.settings ?? {});
  } catch (error) {
    throw explainFault(error, dir);
  }
}

/** The server that runs on a folder right now, for commands beside a running Guildhall; null when none answers. */
export async function findRunningEmbeddedPostgres(options: { dir: string }): Promise<{ url: string } | null> {
  try {
    const { home, dataDir } = locateHome(realpathSync(resolve(options.dir)));
    const credentials = findCredentials(home);
    const running = findPostmaster(dataDir);
    if (credentials === null || running === null) return null;
    const url = ownerUrl(running.port, credentials);
    return (await canSignIn(url)) ? { url } : null;
  } catch {
    return null;
  }
}

async function startLocked(dir: string, settings: Record<string, string>): Promise<EmbeddedPostgres> {
  const location = locateHome(dir);
  createHome(location, dir);
  const lock = lockFolder(location.home);
  if ('heldByPid' in lock) {
    throw new StartupError(
      `Another Guildhall (process ${lock.heldByPid}) is already running on ${dir}; stop it or set DATA_DIR to another folder.`,
    );
  }
  try {
    const { dataDir } = location;
    const programs = preparePrograms(location);
    const credentials = await prepareCluster(location, programs, { isFlushed: settings['fsync'] !== 'off' });
    const launch = { location, program: programs.postgres, settings };
    const orphan = await takeOver(launch);
    const server = orphan ?? (await launchPostmaster(launch));
    try {
      await ensureOwner(server.port, credentials, dataDir);
    } catch (error) {
      await stopPostmaster(server.pid, dataDir);
      throw error;
    }
    const watch = new PostmasterWatch(server, launch);
    let stopping: Promise<void> | undefined;
    const stop = (): Promise<void> => (stopping ??= watch.stop().finally(() => lock.release()));
    return {
      url: ownerUrl(server.port, credentials),
      dataDir,
      get pid() {
        return watch.pid;
      },
      isReused: orphan !== null,
      keepRunning: (report) => watch.keepRunning(report),
      stop,
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** A server left behind is used if it is what we would start; else it is stopped, and a new one takes its place. */
async function takeOver(launch: LaunchOptions): Promise<Postmaster | null> {
  const { dataDir } = launch.location;
  const left = findPostmaster(dataDir);
  if (left === null) return null;
  if (left.phase !== 'stopping' && isAsLaunched(left, launch) && (await becomesReady(left, dataDir)))
    return left;
  await stopPostmaster(left.pid, dataDir);
  return null;
}
