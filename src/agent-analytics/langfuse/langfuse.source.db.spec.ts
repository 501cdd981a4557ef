import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  EVERYTHING,
  type LangfuseTrial,
  openLangfuse,
  readAll,
} from '../../../test/support/langfuse-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { LangfuseSandboxOptions } from '../../sandbox/langfuse/langfuse-sandbox.js';
import { storyWorld } from '../../sandbox/langfuse/story-world.js';
import { LangfuseSource, type LangfuseStore, type StreamStore } from './langfuse.source.js';

let units: TestUnits;
let trial: LangfuseTrial;
let source: LangfuseSource;
/** What went to which table. */
let kept: Record<keyof Omit<LangfuseStore, 'afterRun' | 'whenSucceeded'>, string[]>;
const { signal } = new AbortController();
const NOW = new Date('2026-02-01T00:00:00Z');

beforeAll(async () => {
  units = await openUnits();
});

afterEach(() => trial.close());
afterAll(() => units.close());

async function open(options: Partial<LangfuseSandboxOptions>): Promise<void> {
  const fromMs = Date.UTC(2026, 0, 1);
  const world = storyWorld({
    projectId: 'proj',
    seed: 2,
    fromMs,
    untilMs: fromMs + 1e8,
    observations: 1_500,
  });
  trial = await openLangfuse(units, world, options);
  kept = { sessions: [], traces: [], observations: [], scores: [] };
  const into = <Row extends { id: string }>(table: keyof typeof kept): StreamStore<Row> => ({
    store: (_tx, rows) => {
      kept[table].push(...rows.map(({ id }) => id));
      return Promise.resolve({ inserted: rows.length, updated: 0, unchanged: 0 });
    },
    stored: null,
  });
  source = new LangfuseSource(trial.client, 300_000, {
    sessions: into('sessions'),
    traces: into('traces'),
    observations: into('observations'),
    scores: into('scores'),
    afterRun: () => Promise.resolve(),
    whenSucceeded: null,
  });
}

async function run({ isPrepared = true } = {}): Promise<void> {
  if (isPrepared) await source.prepare(signal);
  for (const stream of source.streams) {
    const rows = await readAll(stream, { ...EVERYTHING, to: NOW });
    await stream.store({} as Tx, [...rows.values()], { runId: 'run', requestedAt: NOW });
  }
}

describe('a source', () => {
  it('of the legacy API puts the rows of each stream into its table', async () => {
    await open({ generation: 'legacy' });
    await run();
    expect(source.id).toBe('langfuse:cupid');
    expect(source.streams.map(({ name }) => name)).toEqual(['sessions', 'traces', 'observations', 'scores']);
    expect(Object.values(kept).every((ids) => ids.length > 0 && new Set(ids).size === ids.length)).toBe(true);
  });

  it('of observations v2 has no sessions and traces to read', async () => {
    await open({ generation: 'events-only' });
    await run();
    expect(source.streams.map(({ name }) => name)).toEqual(['observations-v2', 'scores']);
    expect([kept.sessions.length, kept.traces.length]).toEqual([0, 0]);
    expect(kept.observations.length).toBeGreaterThanOrEqual(1_500);
  });

  it('whose server takes an API out is read by the other one from its next run on', async () => {
    await open({ generation: 'both' });
    await run();
    const legacy = [...kept.observations];
    trial.sandbox.fail({ route: 'sessions', kind: 'gone', count: 1_000 });
    trial.sandbox.fail({ route: 'observations', kind: 'gone', count: 1_000 });
    trial.sandbox.fail({ route: 'traces', kind: 'gone', count: 1_000 });
    await expect(run()).rejects.toMatchObject({ kind: 'gone' });
    kept.observations.length = 0;
    await run();
    expect(source.streams[0]!.name).toBe('observations-v2');
    expect(kept.observations.sort()).toEqual(legacy.sort());
  });

  it('that was not asked before a run has the right streams one run later', async () => {
    await open({ generation: 'events-only' });
    await expect(run({ isPrepared: false })).rejects.toMatchObject({ kind: 'gone' });
    await run({ isPrepared: false });
    expect(kept.observations.length).toBeGreaterThanOrEqual(1_500);
  });

  it('knows its secrets in every form in which they travel', async () => {
    await open({});
    const { publicKey, secretKey } = trial.client.project;
    expect(source.secrets).toEqual(
      expect.arrayContaining([
        secretKey,
        publicKey,
        Buffer.from(`${publicKey}:${secretKey}`).toString('base64'),
      ]),
    );
  });
});
