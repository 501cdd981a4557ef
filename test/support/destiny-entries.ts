import { shippedCatalog } from '../../src/destiny/catalysts/catalog.reader.js';
import type { CatalystFacts } from '../../src/destiny/catalysts/catalog.js';
import type { CatalystEntry } from '../../src/destiny/catalysts/catalyst-list.js';
import type {
  CatalystState,
  CatalystStatus,
  ObjectiveStatus,
} from '../../src/destiny/catalysts/judge-catalyst.js';

// Catalysts of the shipped catalog in states that a test gives them.

/** @throws Error for a weapon that has no catalyst */
export function factsNamed(weaponName: string): CatalystFacts {
  const facts = shippedCatalog().ofName(weaponName);
  if (facts === undefined) throw new Error(`there is no catalyst of ${weaponName}`);
  return facts;
}

/** In progress with the objectives of the catalog. @param done units of each objective, in order */
export function inProgress(facts: CatalystFacts, done: readonly number[]): CatalystEntry {
  const objectives = facts.objectives.map(({ text, target }, index): ObjectiveStatus => {
    const progress = done[index] ?? 0;
    return {
      objectiveHash: facts.recordHash * 10 + index,
      text,
      progress,
      target,
      ratio: Math.min(1, progress / target),
      isComplete: progress >= target,
      isVisible: true,
    };
  });
  const mean = objectives.reduce((sum, { ratio }) => sum + ratio, 0) / Math.max(1, objectives.length);
  return { facts, status: statusOf(facts, 'in_progress', Math.min(99.9, mean * 100), objectives) };
}

export function inState(facts: CatalystFacts, state: CatalystState, pct = 0): CatalystEntry {
  return { facts, status: statusOf(facts, state, state === 'complete' ? 100 : pct, []) };
}

function statusOf(
  { recordHash }: CatalystFacts,
  state: CatalystState,
  pct: number,
  objectives: readonly ObjectiveStatus[],
): CatalystStatus {
  return { recordHash, state, pct, objectives };
}
