import { type ModelCost, modelCosts } from './model-costs.js';
import { ObservationTree, type TreeNode } from './observation-tree.js';
import type { StoryNames } from './story-names.js';

// Runs of agents: observations of type AGENT but for the wrapper. A run has the usage of every generation below it, however deep, and has
// failed when it or anything below it has: the original counted direct children only, and each run once per generation.

export interface Step extends TreeNode {
  readonly type: string;
  readonly name: string | null;
  readonly startMs: number;
  readonly endMs: number | null;
  readonly level: string;
  readonly model: string | null;
  readonly totalTokens: number;
  /** USD. */
  readonly costUsd: number | null;
  /** The step's own metadata say that it stands for usage that was lost, see `isWorkaround`. */
  readonly isStandIn: boolean;
}

export interface AgentRun {
  readonly id: string;
  readonly name: string;
  /** null = it has not ended. */
  readonly latencyMs: number | null;
  readonly totalTokens: number;
  readonly costUsd: number;
  /** Of the generation that cost most; of the first where none cost anything. */
  readonly model: string | null;
  /** Of the generations whose usage it has. */
  readonly models: readonly ModelCost[];
  readonly isError: boolean;
  /** Steps that failed, it or below it, in the order of their starts. */
  readonly errorIds: readonly string[];
}

export const WORKAROUND = 'streaming_usage_capture';
const GENERATION = 'GENERATION';

/**
 * Streamed runs lost their usage (OpenInference 2530), so the game writes it down once more: as a generation with the agent's name and a
 * mark in its own metadata, in those of the span around it, or in those of the trace.
 */
export function isWorkaround<Node extends Step>(
  tree: ObservationTree<Node>,
  step: Node,
  isTraceMarked: boolean,
): boolean {
  if (step.type !== GENERATION) return false;
  const parent = tree.parentOf(step);
  return isTraceMarked || step.isStandIn || (parent?.type === 'SPAN' && parent.isStandIn);
}

/** @param steps of one trace, in any order; each belongs to the runs above it */
export function agentRunsOf(
  steps: readonly Step[],
  isTraceMarked: boolean,
  { workflow }: Pick<StoryNames, 'workflow'>,
): AgentRun[] {
  const sorted = [...steps].sort(byStart);
  const tree = new ObservationTree(sorted);
  const standIns = sorted.filter((step) => isWorkaround(tree, step, isTraceMarked));
  const isSpent = new Set<Step>();
  return sorted
    .filter(({ type, name }) => type === 'AGENT' && name !== null && name !== workflow)
    .map((agent) => {
      const below = tree.subtree(agent);
      const own = below.filter((step) => step.type === GENERATION && !standIns.includes(step));
      // Usage that was not lost is not counted twice, and what one run has taken no other takes.
      const used = hasUsage(own)
        ? own
        : [...own, ...standIns.filter((step) => step.name === agent.name && !isSpent.has(step))];
      for (const step of used) isSpent.add(step);
      const errors = below.filter(({ level }) => level === 'ERROR').sort(byStart);
      const whole = {
        totalTokens: used.reduce((sum, step) => sum + step.totalTokens, 0),
        costUsd: used.reduce((sum, step) => sum + (step.costUsd ?? 0), 0),
      };
      return {
        id: agent.id,
        name: agent.name!,
        latencyMs: agent.endMs === null ? null : Math.max(0, agent.endMs - agent.startMs),
        ...whole,
        model: modelOf(used),
        models: modelCosts(used, used, whole),
        isError: errors.length > 0,
        errorIds: errors.map(({ id }) => id),
      };
    });
}

/** What a whole trace has used: its generations, with what stands for them where they have lost theirs. */
export function usedSteps(steps: readonly Step[], isTraceMarked: boolean): readonly Step[] {
  const tree = new ObservationTree(steps);
  const all = steps.filter(({ type }) => type === GENERATION);
  const own = all.filter((step) => !isWorkaround(tree, step, isTraceMarked));
  return hasUsage(own) ? own : all;
}

function byStart(a: Step, b: Step): number {
  return a.startMs - b.startMs || (a.id < b.id ? -1 : 1);
}

function hasUsage(steps: readonly Step[]): boolean {
  return steps.some(({ totalTokens, costUsd }) => totalTokens > 0 || (costUsd ?? 0) > 0);
}

function modelOf(steps: readonly Step[]): string | null {
  const known = steps.filter(({ model }) => model !== null);
  const [dearest] = known.sort((a, b) => (b.costUsd ?? 0) - (a.costUsd ?? 0));
  return dearest?.model ?? null;
}
