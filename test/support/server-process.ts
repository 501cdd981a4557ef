import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The built application in a process of its own, as an operator runs it. */
export interface ServerProcess {
  url: string;
  pid: number;
  /** Everything it has printed so far. */
  output(): string;
  kill(signal: NodeJS.Signals): void;
  /** Resolves with the exit code, or the signal's name, once it is gone. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** Interrupts it and waits. */
  stop(): Promise<void>;
}

export const INGEST_TOKEN = 'ingest-token-of-the-tests-0123456789';
export const READ_TOKEN = 'read-token-of-the-tests-0123456789';
export const ADMIN_TOKEN = 'admin-token-of-the-tests-0123456789';

/** For all test processes, so that they read each other's secrets and make up none. */
export const SECRETS_KEY = `tests:${createHash('sha256').update('key of the tests').digest('base64')}`;

const TEST_ENV = {
  NODE_ENV: 'test',
  SECRETS_KEY,
  HOST: '127.0.0.1',
  PORT: '0',
  INGEST_API_TOKEN: INGEST_TOKEN,
  READ_API_TOKEN: READ_TOKEN,
  ADMIN_API_TOKEN: ADMIN_TOKEN,
  DEMO_SEED: 'false',
  RATE_LIMITS: 'off',
  LOG_LEVEL: 'info',
};

/** Starts `dist/main.js` and waits until it is ready. @throws with its output when it exits before that */
export async function startServerProcess(env: Record<string, string>): Promise<ServerProcess> {
  const server = spawnServer(env);
  await Promise.race([
    server.ready,
    server.exited.then((code) => {
      throw new Error(`The server exited with ${code} before it was ready:\n${server.output()}`);
    }),
  ]);
  return server;
}

/** The same without waiting, for starts that are meant to fail. */
export function spawnServer(env: Record<string, string>): ServerProcess & { ready: Promise<void> } {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['dist/main.js'], {
    env: { PATH, HOME, ...TEST_ENV, ...limitsOf(env), ...dataFolderOf(env), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 0));
  });
  const server = {
    url: '',
    pid: child.pid ?? 0,
    output: () => output,
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
    exited,
    stop: async () => {
      child.kill('SIGINT');
      await exited;
    },
    ready: Promise.resolve(),
  };
  server.ready = waitForUrl(child, () => output).then((url) => void (server.url = url));
  return server;
}

/** A folder per database, as in life: the head of one audit chain means nothing to another. Goes with the run's cluster. */
export function dataFolderOf({ DATABASE_URL = '' }: Record<string, string>): { DATA_DIR?: string } {
  const root = process.env['GUILDHALL_TEST_DATA_DIR'];
  if (root === undefined || !URL.canParse(DATABASE_URL)) return {};
  return { DATA_DIR: join(root, basename(new URL(DATABASE_URL).pathname)) };
}

/** Production does not do without limits. */
function limitsOf(env: Record<string, string>): Record<string, string> {
  return env['NODE_ENV'] === 'production' ? { RATE_LIMITS: 'on' } : {};
}

async function waitForUrl(child: ChildProcess, output: () => string): Promise<string> {
  while (child.exitCode === null && child.signalCode === null) {
    const url = /(?:API|worker) +(https?:\S+)/.exec(output())?.[1];
    if (url !== undefined) return url;
    await sleep(20);
  }
  return new Promise(() => undefined); // the caller sees the exit
}
