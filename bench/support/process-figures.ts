import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

// What a process has used, as Linux counts it. A load generator on the next core bends throughput; it cannot bend these.

let ticksPerSecond = 0;

/** Processor time of a process with all its threads, in microseconds. */
export function cpuUs(pid: number): number {
  ticksPerSecond ||= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const fields = statFields(pid);
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1e6;
}

/** The same for all running children of a process together: the sessions of a PostgreSQL. */
export function childrenCpuUs(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + cpuUs(child), 0);
}

/** Resident memory in MB. */
export function rssMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1_024;
}

export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      try {
        return Number(statFields(candidate)[1]) === pid;
      } catch {
        return false; // it has ended meanwhile
      }
    });
}

/** Fields of /proc/<pid>/stat after the name, which may hold anything: state, parent, ... */
function statFields(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
