import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LauncherTrials } from '../../../test/support/launcher-trials.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { StartupError } from '../config/startup-error.js';
import { processBirth } from './embedded-process.js';
import { findRunningEmbeddedPostgres } from './embedded-postgres.js';

/**
 * The real launcher on real folders. What happens to a killed Guildhall is tried with child processes, which run the
 * same sources, compiled. The folders' names hold what breaks careless quoting.
 */
const trials = new LauncherTrials();
const { isRoot, canMount } = trials;

beforeAll(() => trials.prepare(), 60_000);
afterEach(() => trials.cleanUp());
afterAll(() => trials.remove());

describe('an ordinary life', () => {
  it('makes a database with its owner, finds it again, and leaves no process', async () => {
    const dir = join(trials.emptyFolder(), 'data');
    const first = await trials.start(dir);
    expect(first.isReused).toBe(false);
    expect(first.dataDir).toBe(join(dir, 'postgres'));
    const [role] = await trials.query(
      first.url,
      `SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = current_user`,
    );
    expect(role).toEqual({
      rolname: 'guildhall',
      rolsuper: false,
      rolcreaterole: true,
      rolcreatedb: true,
      rolbypassrls: false,
    });
    const [world] = await trials.query(
      first.url,
      `SELECT pg_encoding_to_char(encoding) AS encoding, datcollate, datdba::regrole::text AS owner FROM pg_database
       WHERE datname = current_database()`,
    );
    expect(world).toEqual({ encoding: 'UTF8', datcollate: 'C.UTF-8', owner: 'guildhall' });
    expect(await trials.query(first.url, 'SHOW fsync')).toEqual([{ fsync: 'off' }]);
    expect(statSync(join(dir, 'postgres-credentials.json')).mode & 0o777).toBe(0o600);
    await trials.query(first.url, 'CREATE TABLE kept (n int)');
    expect(await findRunningEmbeddedPostgres({ dir })).toEqual({ url: first.url });
    const pids = (await trials.query(first.url, 'SELECT pid FROM pg_stat_activity')).map((row) =>
      Number(row['pid']),
    );
    expect(pids.length).toBeGreaterThan(3);

    await first.stop();
    await first.stop();
    await waitUntil('it is gone', 5_000, () => isGone(first.pid));
    await waitUntil('its children are gone', 5_000, () => pids.every(isGone)); // init buries them a moment later
    expect(await findRunningEmbeddedPostgres({ dir })).toBeNull();

    const second = await trials.start(dir);
    expect(second.isReused).toBe(false);
    expect(await trials.query(second.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 0 }]);
  });

  it('answers that no server runs where there is no folder', async () => {
    expect(await findRunningEmbeddedPostgres({ dir: join(trials.emptyFolder(), 'nothing') })).toBeNull();
  });

  it('repairs owner role and database after an interruption between the two', async () => {
    const dir = trials.usedFolder();
    const first = await trials.start(dir);
    await trials.querySuperuser(dir, first.url, 'DROP DATABASE guildhall');
    await trials.querySuperuser(dir, first.url, "ALTER ROLE guildhall PASSWORD 'another' NOLOGIN");
    await first.stop();
    const second = await trials.start(dir);
    expect(await trials.query(second.url, 'SELECT current_database() AS name')).toEqual([
      { name: 'guildhall' },
    ]);
  });
});

describe('after a crash', () => {
  it('takes over the server of a killed Guildhall, and stops it', async () => {
    const dir = trials.usedFolder();
    const { child, report } = await trials.startInChild(dir);
    await trials.kill(child);
    expect(isGone(report.pid)).toBe(false);
    const again = await trials.start(dir);
    expect({ isReused: again.isReused, pid: again.pid, url: again.url }).toEqual({
      isReused: true,
      pid: report.pid,
      url: report.url,
    });
    await again.stop();
    await waitUntil('it is gone', 5_000, () => isGone(report.pid));
  });

  it('replaces a server that was left behind with other settings', async () => {
    const dir = trials.usedFolder();
    const { child, report } = await trials.startInChild(dir);
    await trials.query(report.url, 'CREATE TABLE left_behind (n int)');
    await trials.kill(child);
    const again = await trials.start(dir, { fsync: 'off', work_mem: '5MB' });
    expect(again.isReused).toBe(false);
    await waitUntil('it is gone', 5_000, () => isGone(report.pid));
    expect(await trials.query(again.url, 'SHOW work_mem')).toEqual([{ work_mem: '5MB' }]);
    expect(await trials.query(again.url, 'SELECT * FROM left_behind')).toEqual([]);
  });

  it('recovers when the server was killed', async () => {
    const dir = trials.usedFolder();
    const first = await trials.start(dir, {});
    await trials.query(first.url, 'CREATE TABLE recovered AS SELECT generate_series(1, 1000) AS n');
    process.kill(first.pid, 'SIGKILL');
    await trials.until(() => isGone(first.pid));
    await first.stop();
    const second = await trials.start(dir, {});
    expect(await trials.query(second.url, 'SELECT count(*)::int AS n FROM recovered')).toEqual([{ n: 1000 }]);
  });

  it('is not held up by a postmaster.pid whose process id belongs to another program by now', async () => {
    const dir = trials.usedFolder();
    const first = await trials.start(dir);
    await first.stop();
    const stranger = trials.runStranger();
    writeFileSync(
      join(first.dataDir, 'postmaster.pid'),
      `${stranger.pid}\n${first.dataDir}\n1700000000\n5432\n\n127.0.0.1\n  1 1\nready   \n`,
    );
    const second = await trials.start(dir);
    expect(second.isReused).toBe(false);
    await second.stop();
    expect(isGone(stranger.pid ?? 0)).toBe(false);
  });

  it('begins anew when the first start was killed half way', async () => {
    const dir = trials.emptyFolder();
    const child = trials.runChild(dir);
    await trials.until(() => readdirSync(dir).some((name) => name.startsWith('postgres-draft-')));
    await trials.kill(child);
    expect(existsSync(join(dir, 'postgres'))).toBe(false);
    const server = await trials.start(dir);
    expect(await trials.query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('beside another Guildhall', () => {
  it('refuses, names the other, and leaves its server alone', async () => {
    const dir = trials.usedFolder();
    const { child, report } = await trials.startInChild(dir);
    await expect(trials.start(dir)).rejects.toThrow(
      `Another Guildhall (process ${child.pid}) is already running on ${dir}; stop it or set DATA_DIR`,
    );
    await expect(trials.start(dir)).rejects.toThrow(StartupError);
    expect(await trials.query(report.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await findRunningEmbeddedPostgres({ dir })).toEqual({ url: report.url });
    await trials.kill(child);
    expect((await trials.start(dir)).pid).toBe(report.pid);
  });

  it('lets exactly one of several simultaneous first starts through', async () => {
    const dir = trials.emptyFolder();
    const reports = await Promise.all([1, 2, 3, 4].map(async () => trials.reportOf(trials.runChild(dir))));
    const winners = reports.filter(({ name }) => name === undefined);
    expect(winners).toHaveLength(1);
    for (const { name, message } of reports.filter((report) => report.name !== undefined)) {
      expect(name).toBe('StartupError');
      expect(message).toMatch(/^Another Guildhall \(process \d+\) is already running on /);
    }
    expect(await trials.query(winners[0]?.url ?? '', 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await trials.killChildren();
    expect((await trials.start(dir)).isReused).toBe(true);
  });

  it('lets exactly one of several simultaneous starts take over what a killed one left', async () => {
    const dir = trials.usedFolder();
    for (let round = 0; round < 3; round++) {
      const reports = await Promise.all([1, 2, 3].map(async () => trials.reportOf(trials.runChild(dir))));
      expect(reports.filter(({ name }) => name === undefined)).toHaveLength(1);
      await trials.killChildren();
    }
    expect((await trials.start(dir)).isReused).toBe(true);
  });
});

describe('what stands in the way is told in one sentence', () => {
  it('a file where the folder should be', async () => {
    const path = join(trials.emptyFolder(), 'data');
    writeFileSync(path, '');
    await expectRefusal(path, /is not a folder: remove that file, or set DATA_DIR/);
  });

  it('a folder without rights', async () => {
    const dir = trials.emptyFolder();
    if (canMount) trials.mountSmallDisk(dir, 'size=1m,ro');
    else if (isRoot) return expectRefusal('/sys/guildhall', /cannot write to \/sys\/guildhall/);
    else chmodSync(dir, 0o555);
    await expectRefusal(dir, /^The user \S+ cannot write to .* set DATA_DIR to another folder\.$/);
  });

  (canMount ? it : it.skip)(
    'a full disk, at the first start and at a later one (needs root and mount)',
    async () => {
      const dir = trials.emptyFolder();
      trials.mountSmallDisk(dir, 'size=30m');
      await expectRefusal(dir, /^The disk that holds .* is full/);
      expect(readdirSync(dir).filter((name) => name.startsWith('postgres-draft-'))).toEqual([]);
      execFileSync('mount', ['-o', 'remount,size=100m', dir]);
      const server = await trials.start(dir);
      await server.stop();
      const free = Number(execFileSync('stat', ['-f', '-c', '%a', dir], { encoding: 'utf8' })) * 4096;
      writeFileSync(join(dir, 'filler'), Buffer.alloc(free));
      await expectRefusal(dir, /^The disk that holds .* is full/);
      unlinkSync(join(dir, 'filler'));
      expect(await trials.query((await trials.start(dir)).url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    },
  );

  it('a database of another major version', async () => {
    const dir = trials.emptyFolder();
    mkdirSync(join(dir, 'postgres'), { mode: 0o700 });
    writeFileSync(join(dir, 'postgres', 'PG_VERSION'), '15\n');
    await expectRefusal(
      dir,
      /was made by PostgreSQL 15, but this Guildhall brings PostgreSQL \d+: carry it over/,
    );
  });

  it('a database whose passwords are lost, and files that are no database', async () => {
    const dir = trials.emptyFolder();
    await (await trials.start(dir)).stop();
    unlinkSync(join(dir, 'postgres-credentials.json'));
    await expectRefusal(
      dir,
      /postgres-credentials\.json, which holds the passwords .* is missing or damaged/,
    );
    unlinkSync(join(dir, 'postgres', 'PG_VERSION'));
    await expectRefusal(dir, /holds files but no PostgreSQL database/);
  });

  it('settings that PostgreSQL refuses, with its reason and its log', async () => {
    const dir = trials.usedFolder();
    const sentence = /did not start: it wrote ".*shared_buffers.*" \(the whole log is in .*\.log\)\.$/;
    await expectRefusal(dir, sentence, { shared_buffers: 'much' });
    expect((await trials.start(dir)).isReused).toBe(false);
  });

  it('a machine that has no PostgreSQL programs', async () => {
    const own = Object.getOwnPropertyDescriptor(process, 'arch');
    Object.defineProperty(process, 'arch', { ...own, value: 'riscv64' });
    try {
      await expectRefusal(
        trials.emptyFolder(),
        /no built-in PostgreSQL for this machine .*riscv64.*set DATABASE_URL/,
      );
    } finally {
      Object.defineProperty(process, 'arch', own ?? {});
    }
  });
});

describe('where programs and database may lie', () => {
  (isRoot ? it : it.skip)('outside a folder that only root may enter (needs root)', async () => {
    const dir = join(trials.emptyFolder(), 'data');
    chmodSync(dirname(dir), 0o700);
    const first = await trials.start(dir);
    trials.alsoRemove(dirname(first.dataDir));
    expect(first.dataDir.startsWith(dir)).toBe(false);
    await trials.query(first.url, 'CREATE TABLE kept (n int)');
    await first.stop();
    chmodSync(dirname(dir), 0o755); // a database that began outside stays outside
    const second = await trials.start(dir);
    expect(second.dataDir).toBe(first.dataDir);
    expect(await trials.query(second.url, 'SELECT * FROM kept')).toEqual([]);
    expect(statSync(second.dataDir).uid).not.toBe(0);
  });

  it('in a package whose install script did not run', async () => {
    const { launcher, links } = trials.launcherWithBareProgramPackage();
    expect(links.length).toBeGreaterThan(0);
    const report = await trials.reportOf(trials.runChild(trials.usedFolder(), launcher));
    expect(report.message).toBeUndefined();
    expect(await trials.query(report.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(links.filter((link) => !existsSync(link))).toEqual([]);
  });
});

async function expectRefusal(
  dir: string,
  sentence: RegExp,
  settings: Record<string, string> = {},
): Promise<void> {
  const refusal = await trials.start(dir, { fsync: 'off', ...settings }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(StartupError);
  const { message } = refusal as StartupError;
  expect(message).toMatch(sentence);
  expect(message).toMatch(/^[A-Z/].*\.$/); // begins and ends like a sentence, on one line
}

function isGone(pid: number): boolean {
  return processBirth(pid) === null;
}
