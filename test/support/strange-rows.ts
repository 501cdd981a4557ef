import type { StoredObservation, StoredTrace } from '../../src/sandbox/langfuse/langfuse-rows.js';
import type { LangfuseWorld } from '../../src/sandbox/langfuse/langfuse-world.js';

// What a Langfuse may hold besides what it should.

export const DAY_MS = 86_400_000;
/** NUL and halves of characters, which PostgreSQL keeps nowhere. */
export const STRANGE_TEXT = 'a\u0000b\ud800c\udfffd';
/** Beyond what a JavaScript number counts exactly. */
export const HUGE = 2 ** 60;

export function someTrace(id: string, atMs: number, given: Partial<StoredTrace> = {}): StoredTrace {
  return {
    id,
    sessionId: null,
    timestampMs: atMs,
    name: 'Agent workflow',
    userId: null,
    release: null,
    version: null,
    environment: 'default',
    tags: [],
    metadata: {},
    input: null,
    output: null,
    createdAtMs: atMs,
    updatedAtMs: atMs,
    ...given,
  };
}

export function someObservation(
  id: string,
  traceId: string | null,
  atMs: number,
  given: Partial<StoredObservation> = {},
): StoredObservation {
  return {
    id,
    traceId,
    parentId: null,
    type: 'AGENT',
    name: 'Mortal',
    startMs: atMs,
    endMs: atMs + 1_000,
    level: 'DEFAULT',
    statusMessage: null,
    model: null,
    input: null,
    output: null,
    metadata: {},
    usage: {},
    cost: {},
    promptName: null,
    promptVersion: null,
    version: null,
    environment: 'default',
    createdAtMs: atMs,
    updatedAtMs: atMs,
    ...given,
  };
}

/** One of each kind, around an instant. */
export function putStrangeRows(world: LangfuseWorld, atMs: number): void {
  // A trace that comes ten minutes after what ran in it, and its session after both.
  world.put('observations', someObservation('early', 'late', atMs), atMs);
  world.put('traces', someTrace('late', atMs, { sessionId: 'later', tags: ['chapter_1'] }), atMs + 600_000);
  world.put('sessions', { id: 'later', createdAtMs: atMs + 900_000, environment: 'default' });
  // Parents in a circle, an orphan, and a step of no trace.
  world.put('traces', someTrace('circle', atMs, { sessionId: 'later', tags: ['chapter_2'] }), atMs);
  for (const [id, parentId] of [
    ['ring-1', 'ring-2'],
    ['ring-2', 'ring-1'],
    ['ring-3', 'nobody'],
  ] as const)
    world.put('observations', someObservation(id, 'circle', atMs, { parentId, type: 'GENERATION' }), atMs);
  world.put('observations', someObservation('alone', null, atMs), atMs);
  // Tomorrow's.
  world.put('traces', someTrace('tomorrow', atMs + DAY_MS, { sessionId: 'later' }), atMs);
  world.put('observations', someObservation('tomorrow-1', 'tomorrow', atMs + DAY_MS), atMs);
  // What cannot be kept as it is.
  const texts = { name: STRANGE_TEXT, input: STRANGE_TEXT, output: JSON.stringify(STRANGE_TEXT) };
  world.put(
    'traces',
    someTrace('strange', atMs, { metadata: { mortal: STRANGE_TEXT }, tags: [STRANGE_TEXT], ...texts }),
    atMs,
  );
  world.put(
    'observations',
    someObservation('strange-1', 'strange', atMs, {
      ...texts,
      type: 'GENERATION',
      usage: { input: HUGE, output: 1, total: HUGE },
      metadata: { deep: JSON.stringify({ count: String(HUGE) }) },
    }),
    atMs,
  );
  // More of one millisecond than a page holds.
  world.put('traces', someTrace('crowd', atMs - 5, { sessionId: 'later' }), atMs);
  for (let number = 0; number < 130; number += 1)
    world.put('observations', someObservation(`crowd-${number}`, 'crowd', atMs - 5), atMs);
}
