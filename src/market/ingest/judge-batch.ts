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
    const verdict = judgeElement(element, schema, `/${index}`);
    if ('fault' in verdict) {
      judged.faults.set(index, verdict.fault);
    } else {
      judged.valid.push(verdict.observation);
      judged.positions.push(index);
    }
  });
  return judged;
}

/** @param pointer to the element */
export function judgeElement(
  element: unknown,
  schema: z.ZodType<Observation>,
  pointer: string,
): { observation: Observation } | { fault: InputFault } {
  if (element === UNREADABLE)
    return { fault: { pointer, code: 'invalid-json', detail: 'The line is not valid JSON.' } };
  const parsed = schema.safeParse(element);
  return parsed.success ? { observation: parsed.data } : { fault: faultsOf(parsed.error, pointer)[0]! };
}

export const UNREADABLE: unique symbol = Symbol('a line that is not JSON');

/** Lines of NDJSON as values; blank lines count for nothing, an unreadable one does not spoil the others. */
export function parseLines(text: string): unknown[] {
  return linesOf(text).map(parseLine);
}

/** Those of NDJSON that are not blank. */
export function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return UNREADABLE;
  }
}
