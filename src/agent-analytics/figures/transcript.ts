import type { Json } from '../langfuse/canonical-rows.js';
import { type Choice, isHiddenPick, offeredIn, pickIn } from './choices.js';
import {
  agentOf,
  everythingAsked,
  type MessageUsage,
  saidOf,
  type SpokenTrace,
  usageOf,
} from './conversation.js';
import { ObservationTree } from './observation-tree.js';
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
/** What the game asks its routing agents with. */
const OWN_WORDS = new Set(['analyze', 'extract']);

interface Heard {
  readonly trace: SpokenTrace;
  readonly startMs: number;
  readonly endMs: number;
  readonly startText: string;
  readonly offered: readonly Choice[];
  /** What the player's side sent, without the game's own words. */
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
  return turns.map((within, index) => turnOf(within, index + 1));
}

function heardIn(trace: SpokenTrace, names: StoryNames): Heard[] {
  const tree = new ObservationTree(trace.steps);
  return trace.steps
    .filter(({ type }) => type === 'GENERATION')
    .map((step): Heard => {
      const agent = agentOf(tree, step, trace.isMarked, names);
      const everything = everythingAsked(step.input);
      const said = saidOf(step.output);
      return {
        trace,
        startMs: step.startMs,
        endMs: step.endMs ?? step.startMs,
        startText: step.startText,
        offered: offeredIn(said === '' ? step.output : said),
        // An input carries the whole talk so far; what is new in it is its end.
        asked: newestOf(everything).filter((text) => text !== '' && !OWN_WORDS.has(text)),
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

/** The last words, and with a hidden pick those that stand before it for people. */
function newestOf(everything: readonly string[]): readonly string[] {
  const last = everything.at(-1);
  if (last === undefined) return [];
  return isHiddenPick(last) ? everything.slice(-2) : [last];
}

function turnOf(within: readonly Heard[], ordinal: number): Turn {
  const [first] = within;
  const asked = within.flatMap((one) => one.asked);
  const picked = asked.map(pickIn).find((pick) => pick !== null) ?? null;
  return {
    ordinal,
    chapter: first!.trace.chapter,
    startedMs: first!.startMs,
    startedText: first!.startText,
    latencyMs: Math.max(...within.map(({ endMs }) => endMs)) - first!.startMs,
    player: asked.find((text) => !isHiddenPick(text)) ?? null,
    picked,
    lines: within.map(({ line }) => line).filter(({ text }) => text !== ''),
    offered: within.map((one) => one.offered).findLast(({ length }) => length > 0) ?? [],
    costUsd: within.reduce((sum, { line }) => sum + line.usage.costUsd, 0),
    totalTokens: within.reduce((sum, { line }) => sum + line.usage.totalTokens, 0),
  };
}
