import { type LangfuseSandbox, openLangfuseSandbox } from '../../src/sandbox/langfuse/langfuse-sandbox.js';
import type { LangfuseWorld } from '../../src/sandbox/langfuse/langfuse-world.js';
import { observationOf, ROWS_PER_RUN, sessionOf, traceOf } from '../../src/sandbox/langfuse/story-rows.js';
import { story } from '../../src/sandbox/langfuse/story.js';
import { storyWorld } from '../../src/sandbox/langfuse/story-world.js';
import {
  LANGFUSE_KEYS,
  type Upstream,
  type UpstreamRequest,
  type UpstreamRows,
} from '../support/agent-world.js';
import { answerRequests } from '../support/worker.js';

// The Langfuse that is copied, in a process of its own: what it costs to make pages is not ours.

/** Plays that are added have a seed of their own, so that they are none of the others. */
const ADDED_SEED = 77;
let world: LangfuseWorld;
let sandbox: LangfuseSandbox;
let added = 0;

answerRequests(async (request: UpstreamRequest): Promise<Upstream> => {
  if (request.kind === 'open') {
    world = storyWorld({ projectId: 'benchmark', ...request.world });
    sandbox = await openLangfuseSandbox({
      projects: [{ ...LANGFUSE_KEYS, world }],
      generation: request.generation,
    });
  } else addPlays(request.observations, request.atMs);
  return { url: sandbox.url, rows: rowsOf(world) };
});

function addPlays(observations: number, atMs: number): void {
  const wanted = world.observations.size + observations;
  while (world.observations.size < wanted) {
    const play = story(ADDED_SEED, (added += 1), atMs);
    world.put('sessions', sessionOf(play), atMs);
    for (const run of play.runs) {
      world.put('traces', traceOf(play, run), atMs);
      for (let part = 0; part < ROWS_PER_RUN; part += 1)
        world.put('observations', observationOf(play, run, part), atMs);
    }
  }
}

function rowsOf({ sessions, traces, observations, scores }: LangfuseWorld): UpstreamRows {
  return {
    sessions: sessions.size,
    traces: traces.size,
    observations: observations.size,
    scores: scores.size,
  };
}
