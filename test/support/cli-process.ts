import { spawn } from 'node:child_process';
import { dataFolderOf, SECRETS_KEY } from './server-process.js';

/** The built operator command in a process of its own: its exit code and all it printed. */
export function runCli(
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['dist/cli.js', ...args], {
    env: { PATH, HOME, NODE_ENV: 'test', DEMO_SEED: 'false', SECRETS_KEY, ...dataFolderOf(env), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => (printed[name] += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...printed }));
  });
}
