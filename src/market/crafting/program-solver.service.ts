import { Injectable } from '@nestjs/common';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { solverBusy } from '../market.errors.js';

/** How a program was left. */
export interface SolvedProgram {
  isOptimal: boolean;
  /** Values by name of the variable; null where the solver found none in its time, or could not work with the numbers. */
  values: ReadonlyMap<string, number> | null;
}

/** Of the solver itself; a solution is proven to within the gap, as a share. */
const TIME_LIMIT_S = 2;
const RELATIVE_GAP = 1e-5;
/** What loading and a slow machine may add before the thread is ended. */
const GRACE_MS = 20_000;
const MAX_WAITING = 4;

// A solve blocks its thread and WebAssembly never gives memory back, so each has a thread of its own that ends with it.
const SOLVE = `
const { parentPort, workerData } = require('node:worker_threads');
require(workerData.solver)().then((highs) => {
  let solved = { Status: 'Refused', Columns: {} };
  try {
    solved = highs.solve(workerData.program, workerData.options);
  } catch {
    // Numbers too far apart for it: as good as no solution.
  }
  parentPort.postMessage([solved.Status, Object.entries(solved.Columns).map(([name, column]) => [name, column.Primal])]);
});`;

/** Solves linear programs in whole numbers, one at a time, beside the thread that answers requests. */
@Injectable()
export class ProgramSolver {
  private last: Promise<unknown> = Promise.resolve();
  private waitingCount = 0;

  /** @param program in CPLEX's LP format @throws DomainError when too many wait */
  async solve(program: string): Promise<SolvedProgram> {
    if (this.waitingCount >= MAX_WAITING) throw solverBusy();
    this.waitingCount += 1;
    const solved = this.last.then(() => inThread(program));
    this.last = solved.catch(() => undefined);
    return solved.finally(() => (this.waitingCount -= 1));
  }
}

async function inThread(program: string): Promise<SolvedProgram> {
  const solver = createRequire(import.meta.url).resolve('highs');
  const options = { output_flag: false, time_limit: TIME_LIMIT_S, mip_rel_gap: RELATIVE_GAP };
  const worker = new Worker(SOLVE, { eval: true, workerData: { solver, program, options } });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<SolvedProgram>((resolve, reject) => {
      timer = setTimeout(() => resolve({ isOptimal: false, values: null }), TIME_LIMIT_S * 1_000 + GRACE_MS);
      worker.once('message', ([status, columns]: [string, [string, number | undefined][]]) => {
        const values = columns.filter((column): column is [string, number] => column[1] !== undefined);
        resolve({ isOptimal: status === 'Optimal', values: values.length === 0 ? null : new Map(values) });
      });
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`The solver's thread ended with ${code}`)));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
