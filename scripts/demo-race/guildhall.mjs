// The Guildhall that the demonstration talks to: one that runs, or one of its own with a database that goes when it ends.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const START_WITHIN_MS = 120_000;

/** What a person can do something about; told without a stack. */
export class DemoError extends Error {}

export async function isRunning(url) {
  try {
    return (await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

/** @returns its address and how to end it @throws DemoError with what it printed */
export async function startGuildhall() {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-demo-'));
  const child = spawn(process.execPath, [join(root, 'dist', 'main.js')], {
    cwd: root,
    env: ownEnvironment(folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + START_WITHIN_MS;
  for (;;) {
    const url = /^ +API +(https?:\S+)/m.exec(output)?.[1];
    if (url !== undefined) return { url, stop };
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new DemoError(`Guildhall did not start:\n${output}`);
    }
    await sleep(50);
  }
}

/** What a .env says of the operator's own database, queues and mail is not meant for it; the process's own variables are. */
function ownEnvironment(folder) {
  const { DATABASE_URL = '', REDIS_URL = '' } = process.env;
  const own = {
    NODE_ENV: 'development',
    PORT: '0',
    DATA_DIR: folder,
    DEMO_SEED: 'false',
    DOMAINS: 'running',
  };
  return { ...process.env, DATABASE_URL, REDIS_URL, SMTP_URL: '', ...own };
}

/** A client of somebody who is signed in. */
export function clientOf(url, token) {
  return async (method, path, body) => {
    const answer = await fetch(url + path, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new DemoError(`${method} ${path} was answered by ${answer.status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
}

/** The demonstration's account where its password lies here, or one that is made for this race. @returns an access token */
export async function signIn(url) {
  const call = clientOf(url, null);
  const passwordFile = join(process.env.DATA_DIR ?? join(root, '.data'), 'demo-password');
  if (existsSync(passwordFile)) {
    const demo = { email: 'demo@guildhall.example', password: readFileSync(passwordFile, 'utf8').trim() };
    try {
      return (await call('POST', '/api/v1/auth/sign-in', demo)).accessToken;
    } catch {
      // another Guildhall than the one whose folder this is
    }
  }
  const account = {
    email: `racer-${randomBytes(6).toString('hex')}@guildhall.example`,
    password: randomBytes(18).toString('base64url'),
  };
  await call('POST', '/api/v1/auth/register', account);
  return (await call('POST', '/api/v1/auth/sign-in', account)).accessToken;
}
