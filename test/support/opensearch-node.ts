import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

// A real node of OpenSearch, from Maven's artifacts, which `npm run fetch:opensearch` puts into .build. Where that has not been done, tests that need
// it are skipped by name: a run of the tests fetches nothing.

const BUILT = join(import.meta.dirname, '../../.build/opensearch');
const READY_WITHIN_MS = 90_000;

export interface OpenSearchNode {
  readonly url: string;
  stop(): Promise<void>;
}

/** Whether it was fetched. */
export function hasOpenSearch(): boolean {
  return existsSync(join(BUILT, 'classes/OpenSearchNode.class'));
}

/** @param hasSounds with what stands for analysis-phonetic */
export async function startOpenSearch(hasSounds = true): Promise<OpenSearchNode> {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-opensearch-'));
  const port = await freePort();
  const path = [join(BUILT, 'classes'), join(BUILT, 'lib/*')].join(delimiter);
  const given = ['-Xmx512m', '-cp', path, 'OpenSearchNode', folder, String(port), String(hasSounds)];
  const child = spawn('java', given, { stdio: ['pipe', 'pipe', 'ignore'] });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.stdin.end(); // it ends with its input, also when this process is killed
      await exited;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const lines = createInterface(child.stdout);
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN_MS);
  try {
    for await (const line of lines) if (line.startsWith('READY')) break;
  } finally {
    clearTimeout(timer);
  }
  child.stdout.resume();
  if (child.exitCode !== null) throw new Error('OpenSearch did not start');
  return { url: `http://127.0.0.1:${port}`, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
