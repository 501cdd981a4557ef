import type { StoredObservation, StoredScore, StoredSession, StoredTrace } from './langfuse-rows.js';
import { type Entry, tieOf } from './langfuse-table.js';
import { entryOf, LangfuseWorld } from './langfuse-world.js';
import { observationIds, observationOf, ROWS_PER_RUN, scoresOf, sessionOf, traceOf } from './story-rows.js';
import { type Run, type Story, story } from './story.js';

// A world of plays, the same for the same seed. What is listed is put together once, at about 150 bytes a row; texts are made when
// a row is read.

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

export function storyWorld(options: StoryWorldOptions): LangfuseWorld {
  const { projectId, seed, fromMs, untilMs, observations } = options;
  const world = new LangfuseWorld(projectId);
  const strideMs = (untilMs - fromMs) / Math.max(1, observations / OBSERVATIONS_PER_STORY);
  const lists = {
    sessions: [] as Entry<StoredSession>[],
    traces: [] as Entry<StoredTrace>[],
    observations: [] as Entry<StoredObservation>[],
    scores: [] as Entry<StoredScore>[],
  };
  const seenFrom = (arrivedMs: number): number =>
    options.hasArrivals === true ? arrivedMs : Number.NEGATIVE_INFINITY;
  for (let number = 0; lists.observations.length < observations; number += 1) {
    // Spread over the whole span even where plays turn out shorter than on average.
    const play = story(seed, number, fromMs + ((number * strideMs) % (untilMs - fromMs)));
    const session = sessionOf(play);
    lists.sessions.push(entryOf('sessions', session, seenFrom(session.createdAtMs)));
    for (const run of play.runs) addRun(world, lists, play, run, seenFrom(run.arrivedMs));
    for (const score of scoresOf(play))
      lists.scores.push(entryOf('scores', score, seenFrom(score.createdAtMs)));
  }
  world.fill('sessions', lists.sessions);
  world.fill('traces', lists.traces);
  world.fill('observations', lists.observations);
  world.fill('scores', lists.scores);
  return world;
}

function addRun(
  world: LangfuseWorld,
  lists: { traces: Entry<StoredTrace>[]; observations: Entry<StoredObservation>[] },
  play: Story,
  run: Run,
  visibleFromMs: number,
): void {
  const { traceId, startMs } = run;
  lists.traces.push({ atMs: startMs, tie: 0, id: traceId, visibleFromMs, read: () => traceOf(play, run) });
  const ids = observationIds(run);
  const tie = tieOf(traceId);
  for (let part = 0; part < ROWS_PER_RUN; part += 1) {
    const read = (): StoredObservation => observationOf(play, run, part);
    lists.observations.push({ atMs: startMs + part, tie, id: ids[part]!, visibleFromMs, read });
  }
  world.noteTraceOf(traceId, ids);
}
