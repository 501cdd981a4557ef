import type { Json } from '../langfuse/canonical-rows.js';
import { isWorkaround, type Step } from './agent-runs.js';
import type { SpokenChoices } from './choices.js';
import { ObservationTree } from './observation-tree.js';
import type { StoryNames } from './story-names.js';

// The conversation of a session as the original shows it: what each generation was asked last, and what it said. The same words of a
// player come once per generation that heard them; `transcript.ts` says them once.

export interface SpokenStep extends Step {
  /** Langfuse's own text of the instants. */
  readonly startText: string;
  readonly endText: string | null;
  readonly input: Json;
  readonly output: Json;
  /** As they were kept, also where the texts have gone; null = none are known. */
  readonly choices: SpokenChoices | null;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export interface SpokenTrace {
  readonly id: string;
  /** The tag. */
  readonly chapter: string | null;
  /** The trace's metadata have the mark of lost usage. */
  readonly isMarked: boolean;
  readonly steps: readonly SpokenStep[];
}

export interface Message {
  readonly by: 'user' | 'agent';
  readonly atMs: number;
  readonly atText: string;
  readonly traceId: string;
  readonly chapter: string | null;
  /** null for the player. */
  readonly agent: string | null;
  readonly content: string;
  readonly usage: MessageUsage | null;
}

export interface MessageUsage {
  readonly latencyMs: number;
  readonly costUsd: number;
  readonly totalTokens: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly model: string | null;
}

const UNKNOWN_AGENT = 'Unknown';

/** In the order of time; of one instant, in the order of generations and the question before the answer. */
export function conversationOf(traces: readonly SpokenTrace[], names: StoryNames): Message[] {
  const generations = traces
    .flatMap((trace) => {
      const tree = new ObservationTree(trace.steps);
      return trace.steps
        .filter(({ type }) => type === 'GENERATION')
        .map((step) => ({ trace, step, agent: agentOf(tree, step, trace.isMarked, names) }));
    })
    .sort((a, b) => a.step.startMs - b.step.startMs || (a.step.id < b.step.id ? -1 : 1));
  const messages = generations.flatMap(({ trace, step, agent }): Message[] => {
    const place = { traceId: trace.id, chapter: trace.chapter };
    const [asked, said] = [askedOf(step.input), saidOf(step.output)];
    const question: Message = {
      ...place,
      by: 'user',
      atMs: step.startMs,
      atText: step.startText,
      agent: null,
      content: asked,
      usage: null,
    };
    const answer: Message = {
      ...place,
      by: 'agent',
      atMs: step.endMs ?? step.startMs,
      atText: step.endText ?? step.startText,
      agent,
      content: said,
      usage: usageOf(step),
    };
    return [question, answer].filter(({ content }) => content !== '');
  });
  return messages.sort((a, b) => a.atMs - b.atMs);
}

/** What the player said last, of an input in any of the forms that agents are called with; '' = nothing. */
export function askedOf(input: Json): string {
  return everythingAsked(input).at(-1) ?? '';
}

/** All that the player's side sent with an input, in its order. */
export function everythingAsked(input: Json): string[] {
  if (typeof input === 'string') return [input];
  if (Array.isArray(input)) return (input as readonly Json[]).filter(isOfUser).map(contentOf);
  return isRecord(input) && typeof input['content'] === 'string' ? [input['content']] : [];
}

/** What the agent said, likewise. */
export function saidOf(output: Json): string {
  if (typeof output === 'string') return output;
  // Items by themselves, or messages of a chat; the original makes nothing of a list.
  if (Array.isArray(output)) {
    const texts = textsOf(output);
    return (texts.length > 0 ? texts : (output as readonly Json[]).map(contentOf).filter(Boolean)).join(
      '\n\n',
    );
  }
  if (!isRecord(output)) return '';
  const parts = textsOf(output['output'] ?? null);
  if (parts.length > 0) return parts.join('\n\n');
  if (typeof output['text'] === 'string') return output['text'];
  const content = output['content'] ?? null;
  if (typeof content === 'string') return content;
  return content === null ? '' : JSON.stringify(content);
}

export function agentOf(
  tree: ObservationTree<SpokenStep>,
  step: SpokenStep,
  isMarked: boolean,
  { workflow }: StoryNames,
): string {
  if (isWorkaround(tree, step, isMarked)) return step.name ?? UNKNOWN_AGENT;
  for (const { type, name } of tree.ancestors(step))
    if (type === 'AGENT' && name !== null && name !== workflow) return name;
  return UNKNOWN_AGENT;
}

export function usageOf(step: SpokenStep): MessageUsage {
  return {
    latencyMs: step.endMs === null ? 0 : Math.max(0, step.endMs - step.startMs),
    costUsd: step.costUsd ?? 0,
    totalTokens: step.totalTokens,
    promptTokens: step.promptTokens,
    completionTokens: step.completionTokens,
    model: step.model,
  };
}

function isOfUser(element: Json): boolean {
  return isRecord(element) && element['role'] === 'user';
}

function contentOf(element: Json): string {
  if (!isRecord(element)) return '';
  const content = element['content'] ?? null;
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return (content as readonly Json[])
    .flatMap((part) => (isRecord(part) && typeof part['text'] === 'string' ? [part['text']] : []))
    .join(' ');
}

/** output[] of type message > content[] of type output_text > text. */
function textsOf(output: Json): string[] {
  if (!Array.isArray(output)) return [];
  return (output as readonly Json[]).flatMap((item) => {
    if (!isRecord(item) || item['type'] !== 'message' || !Array.isArray(item['content'])) return [];
    return (item['content'] as readonly Json[]).flatMap((part) =>
      isRecord(part) && part['type'] === 'output_text' && typeof part['text'] === 'string'
        ? [part['text']]
        : [],
    );
  });
}

function isRecord(value: Json): value is { readonly [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
