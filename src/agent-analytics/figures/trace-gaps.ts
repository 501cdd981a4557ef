import { isWorkaround, type Step } from './agent-runs.js';
import { ObservationTree } from './observation-tree.js';
import type { StoryNames } from './story-names.js';

// What whoever instruments the game has left out, of one trace: figures that are made of it are too small, and nothing else says so. Usage
// that was lost with streaming and written down once more is no gap.

export const TRACE_GAPS = [
  'trace-without-session',
  'trace-without-chapter',
  /** Observations of a trace that nothing tells of. */
  'observation-without-trace',
  /** Its parent is not among the observations of its trace. */
  'observation-without-parent',
  /** It has begun and never ended, and is no event. */
  'observation-without-end',
  /** A generation that went well and used no tokens. */
  'generation-without-tokens',
  /** It used tokens and cost nothing: Langfuse knows no price of its model. */
  'generation-without-cost',
  /** It went well, and nobody knows by which model. */
  'generation-without-model',
] as const;
export type TraceGapKind = (typeof TRACE_GAPS)[number];

export interface TraceGap {
  readonly kind: TraceGapKind;
  /** Whose run it was; '' = of none, or of the trace itself. */
  readonly agent: string;
  readonly count: number;
}

export interface TracePlace {
  readonly sessionId: string | null;
  readonly chapter: string | null;
}

/** @param place null = nothing tells of the trace @param isTraceMarked see `isWorkaround` @returns none twice, in one order */
export function traceGapsOf(
  place: TracePlace | null,
  steps: readonly Step[],
  isTraceMarked: boolean,
  names: Pick<StoryNames, 'workflow'>,
): TraceGap[] {
  if (place === null)
    return steps.length === 0 ? [] : [{ kind: 'observation-without-trace', agent: '', count: steps.length }];
  const tree = new ObservationTree(steps);
  const standIns = steps.filter((step) => isWorkaround(tree, step, isTraceMarked));
  const counts = new Map<string, TraceGap>();
  const add = (kind: TraceGapKind, agent: string): void => {
    const key = `${kind} ${agent}`;
    counts.set(key, { kind, agent, count: (counts.get(key)?.count ?? 0) + 1 });
  };
  if (place.sessionId === null) add('trace-without-session', '');
  if (place.chapter === null) add('trace-without-chapter', '');
  for (const step of steps) {
    const agent = agentAbove(tree, step, names);
    for (const kind of gapsOfStep(tree, step)) add(kind, agent);
    if (step.type !== 'GENERATION' || step.level === 'ERROR' || step.endMs === null) continue;
    const hasStandIn = standIns.some(({ name, totalTokens }) => name === agent && totalTokens > 0);
    if (step.totalTokens === 0 && !hasStandIn) add('generation-without-tokens', agent);
    if (step.totalTokens > 0 && !((step.costUsd ?? 0) > 0)) add('generation-without-cost', agent);
    if (step.model === null && !hasStandIn) add('generation-without-model', agent);
  }
  return [...counts.values()].sort((a, b) => order(a) - order(b) || (a.agent < b.agent ? -1 : 1));
}

function gapsOfStep(tree: ObservationTree<Step>, step: Step): TraceGapKind[] {
  return [
    ...(step.parentId !== null && tree.parentOf(step) === undefined
      ? (['observation-without-parent'] as const)
      : []),
    ...(step.endMs === null && step.type !== 'EVENT' ? (['observation-without-end'] as const) : []),
  ];
}

function agentAbove(
  tree: ObservationTree<Step>,
  step: Step,
  { workflow }: Pick<StoryNames, 'workflow'>,
): string {
  for (const { type, name } of [step, ...tree.ancestors(step)])
    if (type === 'AGENT' && name !== null && name !== workflow) return name;
  return '';
}

function order({ kind }: TraceGap): number {
  return TRACE_GAPS.indexOf(kind);
}
