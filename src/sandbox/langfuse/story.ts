import { hex8, mixed32, randomFrom } from '../random.js';

// One play of the story game, from its number alone: who plays which pair of characters, how far, and which agent ran when. No texts:
// those are made when somebody reads the row (story-rows.ts), so that a million observations stay small.
//
// As the game writes them: one trace per agent run, tagged with the chapter at the turn's start; three observations each, "Agent
// workflow" above the agent above its generation. Most plays end early, few reach the end (real data: 1 of 14).

export interface Run {
  readonly traceId: string;
  readonly chapter: number;
  readonly agent: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** The model failed: the agent's row has level ERROR. */
  readonly isError: boolean;
  /** There was text and no usage, as streamed runs of OpenInference had it. */
  readonly isUsageLost: boolean;
  /** When Langfuse has it. */
  readonly arrivedMs: number;
  /** Turn of the story within chapter 4; 0 elsewhere. */
  readonly turn: number;
}

export interface Story {
  readonly number: number;
  readonly sessionId: string;
  readonly userId: string;
  readonly mortal: string;
  readonly match: string;
  readonly environment: string;
  readonly release: string;
  /** 0 to 100. */
  readonly compatibility: number;
  readonly runs: readonly Run[];
  readonly isComplete: boolean;
}

export const AGENTS_BY_CHAPTER: readonly (readonly string[])[] = [
  ['Introduction', 'DisplayMortal'],
  ['Mortal', 'DisplayMatch'],
  ['Match'],
  ['DisplayCompatibilityCard', 'CompatibilityAnalysis'],
  ['StartCupidGame', 'HasEnded', 'DisplayChoices'],
  ['CupidEvaluation'],
  ['End'],
];
/** Of those who reached a chapter, how many go on to the next; from the real funnel 14, 13, 10, 8, 6. */
const GOES_ON = [0.93, 0.77, 0.8, 0.75, 0.6, 0.9];
const MORTALS = ['Maya Brooks', 'Ethan Murphy', 'Iris Novak', 'Tomás Rey', 'Aïcha Ndiaye'];
const MATCHES = ['Noah Foster', 'Leo Foster', 'Zoë Laurent', 'Ana Petrović'];
const RELEASE_MS = 14 * 86_400_000;

/** Milliseconds from the end of a run to its arrival: from 1.9 s, median near 12 s, rarely minutes. */
function lagMs(random: () => number): number {
  return Math.min(430_000, 1_900 + 14_000 * -Math.log(1 - random()) * (random() < 0.06 ? 12 : 1));
}

export function story(seed: number, number: number, startMs: number): Story {
  const own = mixed32(Math.imul(seed, 0x9e3779b1) ^ number);
  const random = randomFrom(own);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const [mortal, match] = [pick(MORTALS), pick(MATCHES)];
  const compatibility = Math.round(20 + random() * 80);
  const environment = random() < 0.88 ? 'default' : 'staging';
  const speed = 0.6 + random() * 1.2;
  const runs: Run[] = [];
  let atMs = startMs;
  let chapter = 0;
  const run = (agent: string, turn = 0): void => {
    const startedMs = Math.round(atMs);
    const isDisplay = agent.startsWith('Display') || agent === 'HasEnded';
    const tookMs = Math.round(speed * (isDisplay ? 1_200 + random() * 2_500 : 3_000 + random() * 14_000));
    const isError = random() < 0.02;
    runs.push({
      traceId: hex8(mixed32(own)) + hex8(number) + hex8(runs.length) + hex8(mixed32(own + runs.length)),
      chapter,
      agent,
      startMs: startedMs,
      endMs: startedMs + tookMs,
      promptTokens: 300 + runs.length * 40 + Math.floor(random() * 500),
      completionTokens: isDisplay ? 20 + Math.floor(random() * 60) : 120 + Math.floor(random() * 400),
      isError,
      isUsageLost: !isError && random() < 0.03,
      arrivedMs: startedMs + tookMs + Math.round(lagMs(random)),
      turn,
    });
    atMs += tookMs + 5;
  };
  for (;;) {
    if (chapter === 4) playScenes(run, random, () => (atMs += 4_000 + random() * 45_000));
    else for (const agent of AGENTS_BY_CHAPTER[chapter]!) run(agent);
    if (chapter === 6 || random() >= GOES_ON[chapter]!) break;
    chapter += 1;
    atMs += 3_000 + random() * 40_000;
  }
  return {
    number,
    sessionId: `thr_${hex8(mixed32(number ^ Math.imul(seed, 0x85ebca6b)))}`,
    userId: `player-${mixed32(number >>> 1) % 100_000}`,
    mortal,
    match,
    environment,
    release: `story-1.${Math.max(0, Math.floor(startMs / RELEASE_MS) % 100)}`,
    compatibility,
    runs,
    isComplete: chapter === 6,
  };
}

function playScenes(
  run: (agent: string, turn: number) => void,
  random: () => number,
  think: () => void,
): void {
  const turns = 2 + Math.floor(random() * 7);
  for (let turn = 1; turn <= turns; turn += 1) {
    run('StartCupidGame', turn);
    run('HasEnded', turn);
    if (turn === turns) return;
    run('DisplayChoices', turn);
    // Some leave in front of the choices.
    if (random() < 0.06) return;
    think();
  }
}
