import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ObservationRow } from './canonical-rows.js';
import { deriveSessions, deriveTraces } from './derive-traces.js';
import { readObservation } from './read-rows.js';

const START_MS = Date.UTC(2026, 0, 1);

const observation = fc
  .record({
    id: fc.uuid(),
    traceId: fc.constantFrom('t1', 't2', 't3', null),
    parentObservationId: fc.constantFrom(null, 'p'),
    startMs: fc.integer({ min: 0, max: 100_000 }),
    tookMs: fc.option(fc.integer({ min: 0, max: 10_000 })),
    cost: fc.option(fc.integer({ min: 0, max: 64 }).map((eighths) => eighths / 8)),
    sessionId: fc.constantFrom('s1', 's2', null),
    tags: fc.constantFrom([], ['chapter_1'], ['chapter_2', 'cupid']),
    mortal: fc.option(fc.constantFrom('Maya', 'Iris')),
  })
  .map(({ startMs, tookMs, cost, mortal, ...row }) => {
    const raw = {
      ...row,
      startTime: new Date(START_MS + startMs).toISOString(),
      endTime: tookMs === null ? null : new Date(START_MS + startMs + tookMs).toISOString(),
      createdAt: new Date(START_MS + startMs + 20_000).toISOString(),
      totalCost: cost,
      metadata: mortal === null ? {} : { mortal },
    };
    return readObservation(raw, { dialect: 'v2', projectId: 'cupid' }).row!;
  });
const observations = fc.uniqueArray(observation, { selector: ({ id }) => id, maxLength: 30 });

const byId = <Row extends { id: string }>(rows: Row[]): Row[] => rows.sort((a, b) => (a.id < b.id ? -1 : 1));

describe('traces and sessions of observations', () => {
  it('do not depend on the order in which the observations came', () => {
    fc.assert(
      fc.property(
        observations.chain((rows) =>
          fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
        ),
        ([rows, shuffled]) => {
          const [traces, others] = [byId(deriveTraces(rows)), byId(deriveTraces(shuffled))];
          expect(others).toEqual(traces);
          expect(byId(deriveSessions(others.toReversed()))).toEqual(byId(deriveSessions(traces)));
        },
      ),
    );
  });

  it('lose no cost, begin with the first start, and last to the last end', () => {
    fc.assert(
      fc.property(observations, (rows) => {
        const traces = deriveTraces(rows);
        const own = (id: string): ObservationRow[] => rows.filter(({ traceId }) => traceId === id);
        expect(new Set(traces.map(({ id }) => id))).toEqual(
          new Set(rows.flatMap(({ traceId }) => traceId ?? [])),
        );
        for (const trace of traces) {
          const starts = own(trace.id).map(({ startTime }) => startTime.at.getTime());
          const ends = own(trace.id).map(({ startTime, endTime }) => (endTime ?? startTime).at.getTime());
          expect(trace.timestamp.at.getTime()).toBe(Math.min(...starts));
          expect(trace.latencySeconds).toBe((Math.max(...starts, ...ends) - Math.min(...starts)) / 1_000);
          expect(trace.totalCost).toBe(own(trace.id).reduce((sum, { cost }) => sum + (cost ?? 0), 0));
          const said = own(trace.id).flatMap(({ traceContext }) => traceContext?.sessionId ?? []);
          expect([...said, null]).toContain(trace.sessionId);
          expect(trace.sessionId === null).toBe(said.length === 0);
        }
      }),
    );
  });

  it('believe the row that stands for the trace before all others, and do not time it', () => {
    const at = '2026-01-01T00:00:00.000Z';
    const raw = { traceId: 't', startTime: '2026-01-01T00:00:05.000Z', endTime: '2026-01-01T00:00:07.000Z' };
    const read = (more: object) =>
      readObservation({ ...raw, ...more }, { dialect: 'v2', projectId: 'cupid' }).row!;
    const [trace] = deriveTraces([
      read({ id: 'a', traceName: 'step', parentObservationId: 't-t', tags: ['other'], totalCost: 2 }),
      read({
        id: 't-t',
        traceName: 'Agent workflow',
        tags: ['chapter_4'],
        startTime: at,
        endTime: null,
        input: '{"a":1}',
        totalCost: 9,
      }),
    ]);
    expect(trace).toMatchObject({
      name: 'Agent workflow',
      tags: ['chapter_4'],
      input: { a: 1 },
      latencySeconds: 2,
      totalCost: 2,
      timestamp: { text: at },
    });
  });
});
