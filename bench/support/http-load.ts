import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuUs } from './process-figures.js';
import type { Benchmark } from './run-benchmark.js';
import { startWorker, type Worker } from './worker.js';

/** One kind of request, sent to one server with a changing path. */
export interface Target {
  name: string;
  url: string;
  /** Process that answers. */
  pid: number;
  headers: Record<string, string>;
  /** Sent in turn by every connection. */
  paths: readonly string[];
  /** The only status that counts as an answer. */
  status: 200 | 304;
}

export interface LoadFigures {
  requestsPerS: number;
  /** Processor time of the answering process. */
  cpuUsPerRequest: number;
}

/** What a load tool reports. */
export interface LoadReport {
  requests: number;
  seconds: number;
  /** Answers with another status, and requests without one. */
  failures: number;
}

/** What the autocannon process is asked for. */
export interface AutocannonRequest extends Pick<Target, 'url' | 'headers' | 'paths' | 'status'> {
  seconds: number;
}

const CONNECTIONS = 32;

/** wrk where it is installed, else autocannon; the same for all targets. Both run in processes of their own. */
export class HttpLoad {
  private readonly isWrk = hasWrk();
  private autocannon: Worker | undefined;

  constructor(private readonly benchmark: Benchmark) {
    console.log(
      `  load: ${this.isWrk ? 'wrk' : 'autocannon (wrk is not installed)'}, ${CONNECTIONS} connections`,
    );
  }

  /** @param seconds whole ones @throws when an answer was wrong or missing */
  async run(target: Target, seconds: number): Promise<LoadFigures> {
    const before = cpuUs(target.pid);
    const report = await (this.isWrk ? this.runWrk(target, seconds) : this.runAutocannon(target, seconds));
    const usedUs = cpuUs(target.pid) - before;
    if (report.failures > 0 || report.requests === 0) {
      throw new Error(`${target.name}: ${report.failures} failures in ${report.requests} requests`);
    }
    return { requestsPerS: report.requests / report.seconds, cpuUsPerRequest: usedUs / report.requests };
  }

  private async runWrk(target: Target, seconds: number): Promise<LoadReport> {
    const script = join(this.benchmark.folder, `${target.name}.lua`);
    writeFileSync(script, wrkScript(target));
    const args = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', script, target.url];
    const child = spawn('wrk', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const limit = setTimeout(() => child.kill('SIGKILL'), (seconds + 20) * 1_000);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    await once(child, 'close');
    clearTimeout(limit);
    const found = /^REPORT (\d+) (\d+) (\d+)$/m.exec(output);
    if (!found) throw new Error(`wrk said:\n${output}`);
    return { requests: Number(found[1]), seconds: Number(found[2]) / 1e6, failures: Number(found[3]) };
  }

  private runAutocannon({ url, headers, paths, status }: Target, seconds: number): Promise<LoadReport> {
    this.autocannon ??= startWorker(this.benchmark, 'autocannon-load');
    const request: AutocannonRequest = { url, headers, paths, status, seconds };
    return this.autocannon.ask(request);
  }
}

function hasWrk(): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v wrk'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Requests are formatted once; 304 counts as an answer for wrk, so a wrong status is counted here. */
function wrkScript({ headers, paths, status }: Target): string {
  const luaHeaders = Object.entries(headers).map(([name, value]) => `[${luaText(name)}] = ${luaText(value)}`);
  return `
local paths = { ${paths.map(luaText).join(', ')} }
local requests = {}
local turn = 0
wrong = 0
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init()
  for i, path in ipairs(paths) do requests[i] = wrk.format("GET", path, { ${luaHeaders.join(', ')} }) end
end
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
function response(status)
  if status ~= ${status} then wrong = wrong + 1 end
end
function done(summary)
  local failures = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  for _, thread in ipairs(threads) do failures = failures + thread:get("wrong") end
  io.write(string.format("REPORT %d %d %d\\n", summary.requests, summary.duration, failures))
end
`;
}

function luaText(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
