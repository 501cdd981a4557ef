import { mixed32 } from '../random.js';
import type { StoredObservation, StoredScore, StoredSession, StoredTrace } from './langfuse-rows.js';
import { type Entry, tieOf } from './langfuse-table.js';
import { entryOf, LangfuseWorld } from './langfuse-world.js';
import { observationIds, observationOf, ROWS_PER_RUN, scoresOf, sessionOf, traceOf } from './story-rows.js';
import { type Run, type Story, story } from './story.js';

// Worlds of plays, the same for the same seed. What is listed is put together once, at under a kilobyte a row; texts are made when a row is
// read.

export interface StoryWorldOptions {
  readonly projectId: string;
  readonly seed: number;
  /** Plays begin evenly spread from here ... */
  readonly fromMs: number;
  /** ... to here. */
  readonly untilMs: number;
  /** The last play is finished, so there may be a few more. */
  readonly observations: number;
  /** Rows can be seen from their arrival on; otherwise all can from the start. */
  readonly hasArrivals?: boolean;
}

/** A play makes about so many observations on average. */
const OBSERVATIONS_PER_STORY = 34;
const HOUR_MS = 3_600_000;
const DEMO_SEED = 2_026;
const DEMO_PAST_MS = 14 * 24 * HOUR_MS;
const DEMO_FUTURE_MS = 7 * 24 * HOUR_MS;

export function storyWorld(options: StoryWorldOptions): LangfuseWorld {
  const { projectId, seed, fromMs, untilMs, observations, hasArrivals = false } = options;
  const strideMs = (untilMs - fromMs) / Math.max(1, observations / OBSERVATIONS_PER_STORY);
  const lists = new Lists(new LangfuseWorld(projectId), hasArrivals);
  for (let number = 0; lists.observations.length < observations; number += 1) {
    // Spread over the whole span even where plays turn out shorter than on average.
    lists.add(story(seed, number, fromMs + ((number * strideMs) % (untilMs - fromMs))));
  }
  return lists.toWorld();
}

/** A play an hour, for weeks past and a week to come: the same plays whenever the demonstration is started. */
export function demoWorld(projectId: string, nowMs: number): LangfuseWorld {
  const lists = new Lists(new LangfuseWorld(projectId), true);
  const [first, last] = [(nowMs - DEMO_PAST_MS) / HOUR_MS, (nowMs + DEMO_FUTURE_MS) / HOUR_MS];
  for (let number = Math.ceil(first); number < last; number += 1)
    lists.add(story(DEMO_SEED, number, number * HOUR_MS + (mixed32(number) % HOUR_MS)));
  return lists.toWorld();
}

class Lists {
  readonly observations: Entry<StoredObservation>[] = [];
  private readonly sessions: Entry<StoredSession>[] = [];
  private readonly traces: Entry<StoredTrace>[] = [];
  private readonly scores: Entry<StoredScore>[] = [];

  constructor(
    private readonly world: LangfuseWorld,
    private readonly hasArrivals: boolean,
  ) {}

  add(play: Story): void {
    const session = sessionOf(play);
    this.sessions.push(entryOf('sessions', session, this.seenFrom(session.createdAtMs)));
    for (const run of play.runs) this.addRun(play, run);
    for (const score of scoresOf(play))
      this.scores.push(entryOf('scores', score, this.seenFrom(score.createdAtMs)));
  }

  toWorld(): LangfuseWorld {
    this.world.fill('sessions', this.sessions);
    this.world.fill('traces', this.traces);
    this.world.fill('observations', this.observations);
    this.world.fill('scores', this.scores);
    return this.world;
  }

  private addRun(play: Story, run: Run): void {
    const { traceId, startMs } = run;
    const visibleFromMs = this.seenFrom(run.arrivedMs);
    this.traces.push({ atMs: startMs, tie: 0, id: traceId, visibleFromMs, read: () => traceOf(play, run) });
    const ids = observationIds(run);
    const tie = tieOf(traceId);
    for (let part = 0; part < ROWS_PER_RUN; part += 1) {
      const read = (): StoredObservation => observationOf(play, run, part);
      this.observations.push({ atMs: startMs + part, tie, id: ids[part]!, visibleFromMs, read });
    }
    this.world.noteTraceOf(traceId, ids);
  }

  private seenFrom(arrivedMs: number): number {
    return this.hasArrivals ? arrivedMs : Number.NEGATIVE_INFINITY;
  }
}
