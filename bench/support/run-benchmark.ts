import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

// The frame of every benchmark: options, a folder of its own, and the certainty that whatever was started is ended again,
// also after a failure, an interrupt or a time limit.

export interface Benchmark {
  /** Less data and fewer rounds. */
  readonly isQuick: boolean;
  /** All data is generated from it. */
  readonly seed: number;
  /** `--write`: what it found is also written into the page of docs/ that shows it. */
  readonly isWriting: boolean;
  /** Number of interleaved rounds. */
  readonly rounds: number;
  /** A folder that is removed at the end. */
  readonly folder: string;
  /** Registers what has to be undone; the last one is undone first. */
  onEnd(undo: () => Promise<void> | void): void;
}

export type Figures = Record<string, number>;

const ROUNDS = { quick: 3, full: 7 };
const DEFAULT_SEED = 20_251_121;

/** Runs `measure` and prints its figures as the one RESULT line. Exits 0 when it ran, whatever the figures are. */
export async function runBenchmark(
  name: string,
  measure: (benchmark: Benchmark) => Promise<Figures>,
): Promise<void> {
  const { quick: isQuick, write: isWriting, seed } = readOptions();
  const folder = mkdtempSync(join(tmpdir(), `guildhall-bench-${name}-`));
  chmodSync(folder, 0o755); // root's PostgreSQL runs under another account, which must get in
  const undo: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> => (ending ??= unwind(undo));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => void end().then(() => process.exit(signal === 'SIGINT' ? 130 : 1)));
  }
  try {
    const rounds = isQuick ? ROUNDS.quick : ROUNDS.full;
    console.log(`${name}: seed ${seed}, ${rounds} rounds, ${cpus().length} cores, node ${process.version}`);
    const figures = await measure({
      isQuick,
      isWriting,
      seed,
      rounds,
      folder,
      onEnd: (step) => undo.push(step),
    });
    await end();
    console.log(`RESULT ${name} ${Object.entries(figures).map(formatFigure).join(' ')}`);
    process.exit(0);
  } catch (error) {
    console.error(error);
    await end();
    process.exit(1);
  }
}

function readOptions(): { quick: boolean; write: boolean; seed: number } {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      seed: { type: 'string' },
    },
  });
  const seed = values.seed === undefined ? DEFAULT_SEED : Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error('--seed takes a whole number');
  return { quick: values.quick, write: values.write, seed };
}

async function unwind(undo: (() => Promise<void> | void)[]): Promise<void> {
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
    try {
      await step();
    } catch (error) {
      console.error(error);
    }
  }
}

function formatFigure([key, value]: [string, number]): string {
  return `${key}=${Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(3))}`;
}
