import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

// A real node of OpenSearch, from Maven's artifacts: 53 MB, fetched once per checkout into .build. Where there is no JDK 17, no Maven, or nothing
// to fetch them from, tests that need it are skipped by name.

const SOURCES = join(import.meta.dirname, 'opensearch');
const BUILT = join(import.meta.dirname, '../../.build/opensearch');
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
const FETCHED_WITHIN_MS = 120_000;
const READY_WITHIN_MS = 90_000;

export interface OpenSearchNode {
  readonly url: string;
  stop(): Promise<void>;
}

/** Fetches and compiles what is missing. @returns whether a node can be started */
export function hasOpenSearch(): boolean {
  try {
    const [major] = /(\d+)/.exec(execFileSync('javac', ['--version'], { encoding: 'utf8' })) ?? [];
    if (Number(major) < 17) return false;
    build();
    return true;
  } catch {
    return false;
  }
}

function build(): void {
  const [lib, classes] = [join(BUILT, 'lib'), join(BUILT, 'classes')];
  if (existsSync(join(classes, 'OpenSearchNode.class'))) return;
  mkdirSync(BUILT, { recursive: true });
  const pom = join(SOURCES, 'pom.xml');
  const goals = [COPY, `-DoutputDirectory=${lib}`, '-DincludeScope=runtime'];
  execFileSync('mvn', ['-q', '-B', '-f', pom, ...goals], { stdio: 'ignore', timeout: FETCHED_WITHIN_MS });
  const source = join(SOURCES, 'OpenSearchNode.java');
  execFileSync('javac', ['-cp', join(lib, '*'), '-d', classes, source], { stdio: 'ignore' });
  if (readdirSync(lib).length === 0) throw new Error('nothing was fetched');
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
