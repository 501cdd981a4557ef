import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from './canonical-rows.js';
import { parseExactJson } from './exact-json.js';
import { instantOf } from './loose-fields.js';
import { type Dialect, readObservation, readScore, readSession, readTrace } from './read-rows.js';

const context = (dialect: Dialect) => ({ dialect, projectId: 'cupid' });
const READERS = { readSession, readTrace, readObservation, readScore };
const DIALECTS: Dialect[] = ['legacy', 'v2', 'export'];

/** Names that rows have, with values that they should and should not have. */
const FIELD_NAMES =
  'id traceId trace_id startTime start_time endTime timestamp createdAt updatedAt name type level tags metadata input output usageDetails usage_details costDetails totalCost promptTokens totalTokens latency sessionId parentObservationId dataType data_type value stringValue subject environment promptVersion providedModelName constructor __proto__ toString'.split(
    ' ',
  );
const strangeText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
});
const strangeValue: fc.Arbitrary<unknown> = fc.oneof(
  strangeText,
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.double(),
  fc.constantFrom(null, true, -1, 1e300, '9'.repeat(40), '[', '{}', 'x'.repeat(3_000)),
  fc.jsonValue({ stringUnit: 'binary' }),
  fc.dictionary(
    fc.constantFrom('input', 'output', 'total', 'input_cached', 'kind', 'id'),
    fc.oneof(fc.double(), strangeText),
  ),
);
const strangeRow = fc
  .tuple(
    fc.dictionary(fc.oneof(fc.constantFrom(...FIELD_NAMES), strangeText), strangeValue, { maxKeys: 20 }),
    fc.boolean(),
  )
  .map(([row, isWhole]) =>
    isWhole
      ? {
          ...row,
          id: 'row',
          startTime: '2025-12-13T13:56:52.830Z',
          timestamp: '2025-12-13T13:56:52.830Z',
          createdAt: '2025-12-13T13:56:52.830Z',
        }
      : row,
  );

/** Every text in a value. */
function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null && !(value instanceof Date))
    for (const [key, one] of Object.entries(value)) {
      yield key;
      yield* textsOf(one);
    }
}

describe('a row of any shape', () => {
  it.each(DIALECTS.flatMap((dialect) => Object.keys(READERS).map((reader) => [reader, dialect] as const)))(
    'is read by %s (%s) or refused with a reason, and never holds what PostgreSQL refuses',
    (name, dialect) => {
      fc.assert(
        fc.property(
          fc.oneof({ weight: 9, arbitrary: strangeRow }, { weight: 1, arbitrary: strangeValue }),
          (given) => {
            const raw = parseExactJson(JSON.stringify(given) ?? 'null');
            const { row, refusal } = READERS[name as keyof typeof READERS](raw, context(dialect));
            if (row === undefined) {
              expect(refusal.reason).toMatch(/^(?:not an object|no id|no time|no value)$/);
              return;
            }
            for (const text of textsOf(row)) {
              expect(text).not.toContain('\0');
              expect(text.isWellFormed()).toBe(true);
            }
            expect(row.id.length).toBeLessThanOrEqual(500);
            expect(row.projectId).toBe('cupid');
            if ('promptTokens' in row)
              for (const count of [row.promptTokens, row.completionTokens, row.totalTokens])
                expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
            if ('cost' in row && row.cost !== null) expect(Number.isFinite(row.cost)).toBe(true);
            expect(JSON.stringify(row).length).toBeGreaterThan(0);
          },
        ),
        { numRuns: 150 },
      );
    },
  );
});

describe('readObservation', () => {
  const v1 = {
    id: 'o1',
    traceId: 't1',
    type: 'GENERATION',
    name: 'response',
    parentObservationId: 'o0',
    startTime: '2025-12-13T13:56:52.831Z',
    endTime: '2025-12-13T13:56:57.448Z',
    model: 'gpt',
    input: [{ role: 'user', content: 'Continue' }],
    output: 'ended',
    metadata: { compatibility: 87, nested: { a: 1 } },
    usageDetails: { input: 100, input_cached_tokens: 50, output: 20, total: 175 },
    costDetails: { total: 0.5 },
    calculatedTotalCost: 0.5,
    level: 'DEFAULT',
    environment: 'default',
  };
  const read = (raw: object, dialect: Dialect) => readObservation(raw as Json, context(dialect)).row!;

  it('says the same of v1, v2 and an export', () => {
    const v2 = {
      ...v1,
      model: undefined,
      providedModelName: 'gpt',
      calculatedTotalCost: undefined,
      totalCost: 0.5,
      input: JSON.stringify(v1.input),
      metadata: { compatibility: '87', nested: '{"a":1}' },
    };
    const exported = {
      id: 'o1',
      trace_id: 't1',
      type: 'GENERATION',
      name: 'response',
      parent_observation_id: 'o0',
      start_time: '2025-12-13 13:56:52.831',
      end_time: '2025-12-13 13:56:57.448000',
      provided_model_name: 'gpt',
      input: JSON.stringify(v1.input),
      output: 'ended',
      metadata: { compatibility: '87', nested: '{"a":1}' },
      usage_details: { input: '100', input_cached_tokens: '50', output: '20', total: '175' },
      cost_details: { total: 0.5 },
      level: 'DEFAULT',
      environment: 'default',
    };
    const [fromV1, fromV2, fromExport] = [
      read(v1, 'legacy'),
      read(JSON.parse(JSON.stringify(v2)), 'v2'),
      read(exported, 'export'),
    ];
    expect(fromV1).toMatchObject({
      promptTokens: 150,
      completionTokens: 20,
      totalTokens: 175,
      cost: 0.5,
      latencySeconds: 4.617,
      model: 'gpt',
      metadata: { compatibility: 87, nested: { a: 1 } },
      traceContext: null,
      isClamped: false,
    });
    expect({ ...fromV2, traceContext: null }).toEqual(fromV1);
    expect(fromExport).toEqual(fromV1);
  });

  it('takes an export that says nothing of the trace for one that does not know it', () => {
    const shell = {
      id: 'o1',
      trace_id: 't1',
      start_time: '2025-12-13 13:56:52.831',
      session_id: '',
      user_id: null,
      tags: [],
    };
    expect(read(shell, 'export').traceContext).toBeNull();
    expect(read({ ...shell, user_id: 'u1' }, 'export').traceContext).toMatchObject({ userId: 'u1' });
    const fromV2 = { id: 'o1', traceId: 't1', startTime: '2025-12-13T02:00:00Z' };
    expect(read(fromV2, 'v2').traceContext).not.toBeNull();
  });

  it('knows rows that stand for a trace, and takes what hangs below them for roots', () => {
    expect(read({ ...v1, id: 't-t1', parentObservationId: '' }, 'v2')).toMatchObject({
      standsFor: 'trace',
      parentId: null,
    });
    expect(read({ ...v1, parentObservationId: 't-t1' }, 'v2')).toMatchObject({
      standsFor: 'observation',
      parentId: null,
    });
    expect(read({ ...v1, id: 't-t1' }, 'legacy').standsFor).toBe('observation');
  });

  it('clamps numbers that no column holds, and says so', () => {
    const huge = read(
      { ...v1, usageDetails: { input: '99999999999999999999', output: -3, total: 1 } },
      'legacy',
    );
    expect(huge).toMatchObject({
      promptTokens: Number.MAX_SAFE_INTEGER,
      completionTokens: 0,
      totalTokens: 1,
      isClamped: true,
    });
    for (const odd of [
      { calculatedTotalCost: '1e999' },
      { calculatedTotalCost: 1e300 },
      { calculatedTotalCost: null, costDetails: { total: 2 ** 60 } },
    ])
      expect(read({ ...v1, costDetails: {}, ...odd }, 'legacy')).toMatchObject({
        cost: Number.MAX_SAFE_INTEGER,
        isClamped: true,
      });
  });

  it('takes a clock that runs backwards for no latency', () => {
    expect(read({ ...v1, endTime: '2025-12-13T13:00:00Z' }, 'legacy').latencySeconds).toBeNull();
  });

  it('refuses a row without id or time, naming it where it can', () => {
    const refusal = (raw: unknown) => readObservation(raw as Json, context('v2')).refusal;
    expect(refusal({ ...v1, id: '' })).toEqual({ key: null, reason: 'no id' });
    expect(refusal({ ...v1, id: 'x'.repeat(501) })).toEqual({ key: null, reason: 'no id' });
    expect(refusal({ ...v1, startTime: 'yesterday' })).toEqual({ key: 'o1', reason: 'no time' });
    expect(refusal(['a'])).toEqual({ key: null, reason: 'not an object' });
  });
});

describe('readTrace', () => {
  it('takes -1 for what was not asked for', () => {
    const raw = { id: 't', timestamp: '2025-12-13T13:56:52.830Z', latency: -1, totalCost: -1 };
    expect(readTrace(raw, context('legacy')).row).toMatchObject({
      latencySeconds: null,
      totalCost: null,
      tags: [],
    });
  });
});

describe('readScore', () => {
  const raw = { id: 's', name: 'fun', timestamp: '2025-12-13T13:56:52.830Z' };
  it.each([
    [{ dataType: 'NUMERIC', value: 0.5 }, 0.5],
    [{ dataType: 'BOOLEAN', value: true }, true],
    [{ dataType: 'BOOLEAN', value: 0 }, false],
    [{ dataType: 'CATEGORICAL', value: 'together' }, 'together'],
    [{ data_type: 'CATEGORICAL', value: 1, string_value: 'together' }, 'together'],
  ])('gives %j the value %j', (fields, value) => {
    const dialect = 'data_type' in fields ? 'export' : 'legacy';
    expect(readScore({ ...raw, ...fields }, context(dialect)).row?.value).toBe(value);
  });

  it('finds what is judged in either spelling, and refuses a score without value', () => {
    const subjectOf = (fields: object) =>
      readScore({ ...raw, value: 1, ...fields }, context('legacy')).row?.subject;
    expect(subjectOf({ subject: { kind: 'observation', id: 'o', traceId: 't' } })).toEqual({
      kind: 'observation',
      id: 'o',
      traceId: 't',
    });
    expect(subjectOf({ traceId: 't', observationId: 'o' })).toEqual({
      kind: 'observation',
      id: 'o',
      traceId: 't',
    });
    expect(subjectOf({ sessionId: 'x' })).toEqual({ kind: 'session', id: 'x', traceId: null });
    expect(readScore({ ...raw, value: null }, context('legacy')).refusal).toEqual({
      key: 's',
      reason: 'no value',
    });
  });
});

describe('instantOf', () => {
  it('keeps ISO as it is written, and gives ClickHouse the zone that it means', () => {
    expect(instantOf('2025-12-13T14:00:00.5+02:00')).toEqual({
      text: '2025-12-13T14:00:00.5+02:00',
      at: new Date('2025-12-13T12:00:00.500Z'),
    });
    expect(instantOf('2025-12-13 12:00:00.123456')?.text).toBe('2025-12-13T12:00:00.123Z');
    for (const text of [
      '',
      '2025-12-13',
      '2025-13-13T00:00:00Z',
      '+012025-12-13T00:00:00Z',
      '0000-01-01T00:00:00Z',
      'now',
    ])
      expect(instantOf(text)).toBeNull();
  });
});
