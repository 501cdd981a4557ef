import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Instant, TraceContext } from '../langfuse/canonical-rows.js';
import { CUPID_NAMES } from './story-names.js';
import { type RawObservationRow, type RawTraceRow, traceFigures } from './trace-figures.js';

const at = (ms: number): Instant => ({ at: new Date(ms), text: `at ${ms}` });
const raw = (given: Partial<RawTraceRow> = {}): RawTraceRow => ({
  id: 't',
  environment: 'default',
  sessionId: 's',
  timestamp: at(0),
  name: 'Agent workflow',
  userId: 'u',
  release: null,
  version: null,
  tags: ['chapter_1'],
  metadata: { mortal: 'Maya' },
  latencySeconds: 3,
  totalCost: 0.5,
  createdAt: at(9),
  requestedMs: 10,
  ...given,
});
const observation = (id: string, given: Partial<RawObservationRow> = {}): RawObservationRow => ({
  id,
  projectId: 'p',
  environment: 'default',
  isClamped: false,
  standsFor: 'observation',
  traceId: 't',
  parentId: null,
  type: 'GENERATION',
  name: 'response',
  startTime: at(0),
  endTime: at(1_000),
  level: 'DEFAULT',
  statusMessage: null,
  model: null,
  metadata: null,
  promptTokens: 0,
  completionTokens: 0,
  totalTokens: 7,
  cost: 0.25,
  latencySeconds: 1,
  promptName: null,
  promptVersion: null,
  version: null,
  createdAt: null,
  updatedAt: null,
  traceContext: null,
  requestedMs: 20,
  ...given,
});
const context = (given: Partial<TraceContext> = {}): TraceContext => ({
  sessionId: null,
  userId: null,
  traceName: null,
  release: null,
  tags: [],
  ...given,
});
const of = (trace: RawTraceRow | null, ...rows: RawObservationRow[]): ReturnType<typeof traceFigures> =>
  traceFigures('t', trace, rows, CUPID_NAMES);

describe('a trace', () => {
  it('is what its own row says', () => {
    expect(of(raw(), observation('a')).trace).toMatchObject({
      sessionId: 's',
      chapter: 'chapter_1',
      chapterNumber: 1,
      mortal: 'Maya',
      match: null,
      latencyS: 3,
      costUsd: 0.5,
      totalTokens: 7,
    });
  });

  it('is not known before its row, while its runs of agents are', () => {
    const { trace, runs } = of(null, observation('a', { type: 'AGENT', name: 'Mortal' }));
    expect([trace, runs.map(({ name }) => name)]).toEqual([null, ['Mortal']]);
  });

  it('is what observations of v2 say, where those are newer than its row, and where there is none', () => {
    const told = observation('a', { traceContext: context({ sessionId: 'other', tags: ['chapter_2'] }) });
    expect(of(raw(), told).trace).toMatchObject({ sessionId: 'other', chapterNumber: 2, costUsd: 0.25 });
    expect(of(null, told).trace).toMatchObject({ sessionId: 'other' });
    expect(of(raw({ requestedMs: 30 }), told).trace).toMatchObject({ sessionId: 's' });
  });

  it('keeps its session where a later export of observations says nothing of it', () => {
    expect(of(raw(), observation('a', { traceContext: context() })).trace).toMatchObject({ sessionId: 's' });
  });

  it('costs what its observations cost where Langfuse gives no sum', () => {
    const rows = [observation('a'), observation('b'), observation('c', { cost: null })];
    expect(of(raw({ totalCost: null }), ...rows).trace).toMatchObject({ costUsd: 0.5 });
  });

  it('has failed when anything in it has, and has the end when its agent ran', () => {
    const end = observation('e', { type: 'AGENT', name: 'End' });
    expect(of(raw(), observation('a', { level: 'ERROR' }), end).trace).toMatchObject({
      isError: true,
      hasEnd: true,
    });
    expect(of(raw(), observation('a')).trace).toMatchObject({ isError: false, hasEnd: false });
  });

  it('says why its runs failed, by what failed deepest, and what the game thinks of the pair', () => {
    const failed = (id: string, ms: number, statusMessage: string | null): RawObservationRow =>
      observation(id, { level: 'ERROR', parentId: 'a', startTime: at(ms), statusMessage });
    const rows = [
      observation('a', { type: 'AGENT', name: 'Mortal', level: 'ERROR', statusMessage: 'the run failed' }),
      failed('b', 2, 'openai.RateLimitError: 429'),
      failed('c', 3, null),
    ];
    for (const compatibility of ['72.5', 72.5]) {
      const { trace, runs, gaps } = traceFigures(
        't',
        raw({ metadata: { compatibility } }),
        rows,
        CUPID_NAMES,
      );
      expect(trace).toMatchObject({ compatibility: 72.5 });
      expect(runs).toMatchObject([{ isError: true, errorType: 'RateLimitError' }]);
      expect(gaps).toEqual([]);
    }
    for (const compatibility of ['high', '', true, { of: 1 }, '1e400'])
      expect(traceFigures('t', raw({ metadata: { compatibility } }), [], CUPID_NAMES).trace).toMatchObject({
        compatibility: null,
      });
  });

  it('is the same in whichever order its observations are read', () => {
    const step = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      parentId: fc.constantFrom(null, 'a', 'b'),
      type: fc.constantFrom('AGENT', 'GENERATION'),
      name: fc.constantFrom('Mortal', 'End'),
      environment: fc.constantFrom('default', 'test'),
      startTime: fc.nat(2).map(at),
      level: fc.constantFrom('DEFAULT', 'ERROR'),
      statusMessage: fc.constantFrom(null, 'ReadTimeout', 'RateLimitError: no'),
      cost: fc.constantFrom(0.1, 0.2, 0.7),
      traceContext: fc.constantFrom(null, context({ sessionId: 's' }), context({ tags: ['chapter_2'] })),
    });
    const steps = fc.uniqueArray(step, { selector: ({ id }) => id, maxLength: 4 });
    fc.assert(
      fc.property(steps, fc.constantFrom(null, raw({ totalCost: null })), (given, trace) => {
        const rows = given.map(({ id, ...fields }) => observation(id, fields));
        expect(of(trace, ...rows.toReversed())).toEqual(of(trace, ...rows));
      }),
    );
  });

  it('that nothing tells of is a gap of its observations, dated by the first', () => {
    const rows = [observation('b', { startTime: at(9) }), observation('a', { startTime: at(7) })];
    expect(traceFigures('t', null, rows, CUPID_NAMES)).toMatchObject({
      trace: null,
      gaps: [
        { kind: 'observation-without-trace', traceId: 't', count: 2, at: at(7), environment: 'default' },
      ],
    });
  });
});
