import type { z } from 'zod';
import { faultsOf, type InputFault } from '../../platform/http/input-fault.js';
import type { Observation } from './observation.js';

/** Elements that may be stored, where they stood in the batch, and what is wrong with the others. */
export interface JudgedBatch {
  valid: Observation[];
  /** `positions[k]` is the index in the batch of `valid[k]`. */
  positions: number[];
  /** First fault of each rejected element, by its index. */
  faults: Map<number, InputFault>;
}

/** @param elements parsed JSON values; {@link UNREADABLE} stands for a line that is not JSON */
export function judgeBatch(elements: readonly unknown[], schema: z.ZodType<Observation>): JudgedBatch {
  const judged: JudgedBatch = { valid: [], positions: [], faults: new Map() };
  elements.forEach((element, index) => {
    if (element === UNREADABLE) {
      judged.faults.set(index, {
        pointer: `/${index}`,
        code: 'invalid-json',
        detail: 'The line is not valid JSON.',
      });
      return;
    }
    const parsed = schema.safeParse(element);
    if (parsed.success) {
      judged.valid.push(parsed.data);
      judged.positions.push(index);
    } else {
      judged.faults.set(index, faultsOf(parsed.error, `/${index}`)[0]!);
    }
  });
  return judged;
}

export const UNREADABLE: unique symbol = Symbol('a line that is not JSON');

/** Lines of NDJSON as values; blank lines count for nothing, an unreadable one does not spoil the others. */
export function parseLines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): unknown => {
      try {
        return JSON.parse(line) as unknown;
      } catch {
        return UNREADABLE;
      }
    });
}
