import type { FormulaValue, Variables } from './formula.js';

const MOST_VARIABLES = 50;
const MOST_TEXT = 200;
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,39}$/;
const LARGEST = 1_000_000_000;

/** What is wrong with values of variables, in words; null = nothing. */
export function faultOfVariables(values: object): string | null {
  const entries = Object.entries(values) as [string, unknown][];
  if (entries.length > MOST_VARIABLES) return `There are at most ${MOST_VARIABLES} variables`;
  for (const [name, value] of entries) {
    if (!NAME.test(name))
      return 'Names of variables are up to 40 letters, digits and _, and begin with no digit';
    if (!isValue(value))
      return `$${name} has to be a number up to ${LARGEST}, a text of up to ${MOST_TEXT} characters, true or false`;
  }
  return null;
}

function isValue(value: unknown): value is FormulaValue {
  if (typeof value === 'number') return Number.isFinite(value) && Math.abs(value) <= LARGEST;
  if (typeof value === 'string') return value.length <= MOST_TEXT && !/[\0\p{Surrogate}]/u.test(value);
  return typeof value === 'boolean';
}

/** Later ones win. */
export function merged(...values: readonly Variables[]): Variables {
  const all: Record<string, FormulaValue> = Object.create(null) as Record<string, FormulaValue>;
  for (const each of values) for (const [name, value] of Object.entries(each)) all[name] = value;
  return all;
}
