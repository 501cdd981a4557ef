import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import { ADMIN_TOKEN, INGEST_TOKEN, READ_TOKEN, SECRETS_KEY } from './server-process.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
export const isRoot = process.getuid?.() === 0;

/** How a start of the built application ended. */
export interface StartOutcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  ms: number;
}

const BASE_ENV = {
  NODE_ENV: 'test',
  HOST: '127.0.0.1',
  PORT: '0',
  INGEST_API_TOKEN: INGEST_TOKEN,
  READ_API_TOKEN: READ_TOKEN,
  ADMIN_API_TOKEN: ADMIN_TOKEN,
  DEMO_SEED: 'false',
  SECRETS_KEY,
};

export interface StartOptions {
  /** Folder of the program; the repository unless said otherwise. */
  program?: string;
  /** As an account without rights; only when this process is root. */
  isNobody?: boolean;
  /** `undefined` takes a variable of the usual ones away. */
  env?: Record<string, string | undefined>;
}

/** Runs `dist/main.js` until it exits by itself, with its two outputs apart. */
export function startUntilExit({
  program = root,
  isNobody = false,
  env = {},
}: StartOptions): Promise<StartOutcome> {
  const { PATH = '', HOME = '' } = process.env;
  const command = [process.execPath, join(program, 'dist', 'main.js')];
  const [file = '', ...args] = isNobody ? ['runuser', '-u', 'nobody', '--', ...command] : command;
  const startedMs = performance.now();
  const given = Object.entries({ PATH, HOME, ...BASE_ENV, ...env }).filter(
    ([, value]) => value !== undefined,
  );
  const child = spawn(file, args, { env: Object.fromEntries(given), stdio: ['ignore', 'pipe', 'pipe'] });
  const outcome: StartOutcome = { code: null, signal: null, stdout: '', stderr: '', ms: 0 };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (outcome.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (outcome.stderr += text));
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      resolve(Object.assign(outcome, { code, signal, ms: performance.now() - startedMs }));
    });
  });
}

/** One clear sentence on standard error, nothing on standard output, exit code 1. */
export function expectOneSentence(outcome: StartOutcome, pattern: RegExp): void {
  const { code, signal, stdout, stderr } = outcome;
  expect({ code, signal, stdout, stderr }).toEqual({
    code: 1,
    signal: null,
    stdout: '',
    stderr: expect.stringMatching(/^[^\n]*[^\s.]\.\n$/),
  });
  expect(stderr).toMatch(pattern);
  expect(stderr).not.toMatch(/\n\s+at |node:internal|Error:/);
}

/** Processes that name this text among their arguments, such as the servers of a data folder. */
export function processesNaming(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
      } catch {
        return false; // it has ended meanwhile
      }
    })
    .map(Number);
}

/** Folders and disks for starts to fail on; `cleanUp` takes all away. */
export class TrialFolders {
  private readonly folders: string[] = [];
  private readonly mounts: string[] = [];

  make(mode = 0o755): string {
    const folder = mkdtempSync(join(tmpdir(), 'guildhall-start-'));
    chmodSync(folder, mode);
    this.folders.push(folder);
    return folder;
  }

  /** A memory disk of that size on a folder. */
  mount(options: string): string {
    const folder = this.make();
    execFileSync('mount', ['-t', 'tmpfs', '-o', `mode=755,${options}`, 'guildhall-start', folder]);
    this.mounts.push(folder);
    return folder;
  }

  /** What the program needs, in a folder of its own, with environment files beside it. */
  copyOfProgram(): string {
    const folder = this.make();
    for (const name of ['dist', 'package.json'])
      cpSync(join(root, name), join(folder, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    return folder;
  }

  cleanUp(): void {
    for (const folder of this.mounts.splice(0)) execFileSync('umount', ['--lazy', folder]);
    for (const folder of this.folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}

/** Root in a container may still not mount. */
export function canMount(): boolean {
  if (!isRoot) return false;
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-mount-'));
  const isMounted =
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'guildhall-try', folder]).status === 0;
  if (isMounted) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
  return isMounted;
}

/** The account nobody exists, root may use it, and it may read the program. */
export function canBeNobody(): boolean {
  if (!isRoot) return false;
  const script = `require('fs').accessSync(${JSON.stringify(join(root, 'dist', 'main.js'))})`;
  return spawnSync('runuser', ['-u', 'nobody', '--', process.execPath, '-e', script]).status === 0;
}
