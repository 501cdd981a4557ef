import type { SimulationProgress } from '../market/simulation/simulation.service.js';

const WIDTH = 24;

/** A line that is rewritten on a terminal, and a line per quarter where there is none. */
export function progressBar(title: string, unit = 'points'): (progress: SimulationProgress) => void {
  let quarter = -1;
  return ({ done, total }) => {
    const ratio = total === 0 ? 1 : done / total;
    const text = `${title}: ${'#'.repeat(Math.round(ratio * WIDTH)).padEnd(WIDTH, '.')} ${done}/${total} ${unit}`;
    if (process.stdout.isTTY) {
      process.stdout.write(`\r${text}${done === total ? '\n' : ''}`);
    } else if (Math.floor(ratio * 4) > quarter) {
      quarter = Math.floor(ratio * 4);
      process.stdout.write(`${text}\n`);
    }
  };
}
