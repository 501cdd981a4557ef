import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process id alone says little: after a crash the same number may belong to another program. These functions tell
 * whether a process is the one that was meant, by its birth (start time since boot, and the boot) or its command line.
 * Linux answers from /proc, other systems from `ps`. Zombies count as gone: they hold nothing any more.
 */

/** The birth mark of a process; null when it does not run (any more), '' when it runs but the system does not say. */
export function processBirth(pid: number): string | null {
  if (process.platform === 'linux') {
    try {
      // The second field, the program's name, may hold spaces and brackets: count from behind its closing bracket.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z' || fields[0] === 'X') return null;
      return `${fields[19]}@${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
    } catch {
      return isRunning(pid) ? '' : null;
    }
  }
  if (!isRunning(pid)) return null;
  return ps('lstart=', pid);
}

/** The arguments of a process as one string each (Linux), or as one string in all; null when they cannot be read. */
export function processArguments(pid: number): string[] | null {
  if (process.platform === 'linux') {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return line === '' ? null : line.replace(/\0$/, '').split('\0');
    } catch {
      return null;
    }
  }
  const line = ps('command=', pid);
  return line === '' ? null : [line];
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function ps(column: string, pid: number): string {
  try {
    const args = ['-ww', '-o', column, '-p', String(pid)];
    return execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}
