import type { Json } from '../langfuse/canonical-rows.js';
import { type Choice, isHiddenPick, pickIn, type SpokenChoices } from './choices.js';
import { agentOf, type MessageUsage, saidOf, type SpokenTrace, usageOf } from './conversation.js';
import { ObservationTree } from './observation-tree.js';
import { choicesIn, newlyAsked } from './spoken-choices.js';
import type { StoryNames } from './story-names.js';

// A session as its player saw it: turns of one thing done and all that was answered. Each agent of a turn is asked anew, with the player's
// words or with words of the game's own, so that a conversation by generations says the same several times. The agents of a turn follow
// each other within milliseconds; between two turns somebody reads.

export interface TurnLine {
  readonly agent: string;
  readonly atText: string;
  readonly text: string;
  /** Said to the game, not to the player. */
  readonly isInternal: boolean;
  readonly usage: MessageUsage;
}

export interface Turn {
  /** From 1. */
  readonly ordinal: number;
  readonly chapter: string | null;
  readonly startedMs: number;
  readonly startedText: string;
  /** From the player's act to the last answer: what it took. */
  readonly latencyMs: number;
  /** null = nothing that can be read. */
  readonly player: string | null;
  readonly picked: Choice | null;
  readonly lines: readonly TurnLine[];
  readonly offered: readonly Choice[];
  readonly costUsd: number;
  readonly totalTokens: number;
}

/** Between two agents of a turn lay 11 ms at most in real plays, and between two turns 1.2 s at least. */
export const TURN_GAP_MS = 200;

interface Heard {
  readonly trace: SpokenTrace;
  readonly startMs: number;
  readonly endMs: number;
  readonly startText: string;
  readonly choices: SpokenChoices | null;
  /** What the player's side sent. */
  readonly asked: readonly string[];
  readonly line: TurnLine;
}

export function transcriptOf(traces: readonly SpokenTrace[], names: StoryNames): Turn[] {
  const heard = traces
    .flatMap((trace) => heardIn(trace, names))
    .sort((a, b) => a.startMs - b.startMs || (a.startText < b.startText ? -1 : 1));
  const turns: Heard[][] = [];
  let endMs = Number.NEGATIVE_INFINITY;
  for (const one of heard) {
    const isNext = one.startMs - endMs >= TURN_GAP_MS;
    if (isNext || turns.length === 0) turns.push([one]);
    else turns.at(-1)!.push(one);
    endMs = Math.max(endMs, one.endMs);
  }
  return turns.map((within, index) => turnOf(within, index + 1, offeredBy(turns[index - 1] ?? [])));
}

function heardIn(trace: SpokenTrace, names: StoryNames): Heard[] {
  const tree = new ObservationTree(trace.steps);
  return trace.steps
    .filter(({ type }) => type === 'GENERATION')
    .map((step): Heard => {
      const agent = agentOf(tree, step, trace.isMarked, names);
      const said = saidOf(step.output);
      return {
        trace,
        startMs: step.startMs,
        endMs: step.endMs ?? step.startMs,
        startText: step.startText,
        choices: step.choices ?? choicesIn(step.input, step.output),
        asked: newlyAsked(step.input),
        line: {
          agent,
          atText: step.endText ?? step.startText,
          text: said === '' ? structureOf(step.output) : said,
          isInternal: names.categories[agent] === 'routing' || names.choiceAgent === agent,
          usage: usageOf(step),
        },
      };
    });
}

/** Display agents answer with bare objects, in which no text is to be found: they are shown as JSON. */
function structureOf(output: Json): string {
  return output !== null && typeof output === 'object' && Object.keys(output).length > 0
    ? JSON.stringify(output)
    : '';
}

/** Of several that offer something the last one counts. */
function offeredBy(within: readonly Heard[]): readonly Choice[] {
  return within.map(({ choices }) => choices?.offered ?? []).findLast(({ length }) => length > 0) ?? [];
}

/** @param offered by the turn before */
function turnOf(within: readonly Heard[], ordinal: number, offered: readonly Choice[]): Turn {
  const [first] = within;
  const asked = within.flatMap((one) => one.asked);
  // Where the player's words have gone, the letter is still known, and what it stood for.
  const pickedKey = within.map(({ choices }) => choices?.pickedKey ?? null).find((key) => key !== null);
  const picked =
    asked.map(pickIn).find((pick) => pick !== null) ?? offered.find(({ key }) => key === pickedKey) ?? null;
  return {
    ordinal,
    chapter: first!.trace.chapter,
    startedMs: first!.startMs,
    startedText: first!.startText,
    latencyMs: Math.max(...within.map(({ endMs }) => endMs)) - first!.startMs,
    player: asked.find((text) => !isHiddenPick(text)) ?? null,
    picked,
    lines: within.map(({ line }) => line).filter(({ text }) => text !== ''),
    offered: offeredBy(within),
    costUsd: within.reduce((sum, { line }) => sum + line.usage.costUsd, 0),
    totalTokens: within.reduce((sum, { line }) => sum + line.usage.totalTokens, 0),
  };
}
