import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compatElementSchema, readBatch } from './compat-observation.js';

const NOW = Date.UTC(2026, 10, 21, 12);
const schema = compatElementSchema(() => NOW);

const ELEMENT = {
  item_name: 'Blé',
  ankama_id: 289,
  server: 'Draconiros',
  captured_at: '2026-11-21T11:00:00.123456Z',
  price_unit_avg: 12.5,
  nb_lots: 4,
  source_client: 'dofus-tracker-client-v3',
  client_version: '3.1.4',
  raw_item_name: 'Blé',
  category: 'Céréale',
};

function without(key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(ELEMENT).filter(([name]) => name !== key));
}

describe('a batch', () => {
  it('may be one object', () => {
    const read = readBatch(schema, ELEMENT);
    expect(read).toEqual({
      elements: [
        {
          server: 'Draconiros',
          observation: {
            externalId: 289,
            name: 'Blé',
            category: 'Céréale',
            price: 12.5,
            lots: 4,
            capturedAtMs: expect.closeTo(Date.UTC(2026, 10, 21, 11, 0, 0, 123) + 0.456, 3),
            source: 'dofus-tracker-client-v3',
            sourceVersion: '3.1.4',
          },
        },
      ],
    });
  });

  it.each(['ankama_id', 'client_version', 'raw_item_name', 'category'])('may lack %s', (key) => {
    expect(readBatch(schema, [without(key)])).toHaveProperty('elements.length', 1);
  });

  it.each([
    ['an unknown key', { colour: 'red' }],
    ['category null', { category: null }],
    ['an empty category', { category: '' }],
    ['an empty version', { client_version: '' }],
    ['price 0', { price_unit_avg: 0 }],
    ['a clock 5 minutes ahead', { captured_at: '2026-11-21T12:05:00Z' }],
  ])('may hold %s', (_, change) => {
    expect(readBatch(schema, [{ ...ELEMENT, ...change }])).toHaveProperty('elements.length', 1);
  });

  it.each([1, 1_000_001, 2 ** 31 - 1])('takes %i lots', (lots) => {
    const read = readBatch(schema, [{ ...ELEMENT, nb_lots: lots }]);
    expect(read).toHaveProperty('elements.0.observation.lots', lots);
  });

  it('gives an empty or missing category as none', () => {
    for (const category of ['', '  ', null, undefined]) {
      const read = readBatch(schema, [{ ...ELEMENT, category }]);
      expect(read).toHaveProperty('elements.0.observation.category', null);
    }
  });

  it.each([
    ...['item_name', 'server', 'captured_at', 'price_unit_avg', 'nb_lots', 'source_client'].map(
      (key) => [key, undefined] as const,
    ),
    ...(['item_name', 'server', 'source_client'] as const).flatMap((key) =>
      ['', '   ', 'a\0b', 'a\ud800b', 'x'.repeat(256), 7, null].map((value) => [key, value] as const),
    ),
    ...[0, -1, 1.5, 2 ** 31, '289', null].map((value) => ['ankama_id', value] as const),
    ...['2026-11-21T11:00:00+00:00', '2026-11-21', '2026-02-30T00:00:00Z', 1_795_258_800_000, null].map(
      (value) => ['captured_at', value] as const,
    ),
    ...['0001-01-01T00:00:00Z', '2009-12-31T23:59:59Z', '2026-11-21T12:05:01Z', '9999-01-01T00:00:00Z'].map(
      (value) => ['captured_at', value] as const,
    ),
    ...[-0.01, 1e12 + 1, Number.POSITIVE_INFINITY, Number.NaN, '12', null].map(
      (value) => ['price_unit_avg', value] as const,
    ),
    ...[0, -1, 1.5, 2 ** 31, '4', null].map((value) => ['nb_lots', value] as const),
    ...['x'.repeat(51), 'a\0', null].map((value) => ['client_version', value] as const),
    ...['x'.repeat(256), null].map((value) => ['raw_item_name', value] as const),
    ...['a\0', 'a\udc00', 7].map((value) => ['category', value] as const),
    ['server', '---'],
  ])('is refused for %s = %j, under the index of the element', (key, value) => {
    const read = readBatch(schema, [ELEMENT, { ...ELEMENT, [key]: value }]);
    const { formErrors, fieldErrors } =
      'faults' in read ? read.faults : { formErrors: ['taken'], fieldErrors: {} };
    expect(formErrors).toEqual([]);
    expect(Object.keys(fieldErrors)).toEqual(['1']);
    for (const message of fieldErrors['1'] ?? []) expect(message).toMatch(new RegExp(`^${key}: `));
  });

  it('is refused under the key for one object', () => {
    expect(readBatch(schema, without('server'))).toEqual({
      faults: { formErrors: [], fieldErrors: { server: [expect.any(String)] } },
    });
  });

  it.each([[[]], [undefined], ['text'], [5], [null]])('is refused as a whole for %j', (body) => {
    expect(readBatch(schema, body)).toEqual({
      faults: { formErrors: [expect.any(String)], fieldErrors: {} },
    });
  });

  it('tells a hundred faults at most', () => {
    const read = readBatch(
      schema,
      Array.from({ length: 500 }, () => ({})),
    );
    const told = 'faults' in read ? Object.values(read.faults.fieldErrors).flat() : [];
    expect(told).toHaveLength(100);
  });

  it('never throws, and takes nothing that could not be stored', () => {
    const wild = fc.record(
      Object.fromEntries(
        Object.entries(ELEMENT).map(([key, value]) => [key, fc.oneof(fc.constant(value), fc.anything())]),
      ),
    );
    fc.assert(
      fc.property(fc.oneof(wild, fc.array(wild, { maxLength: 3 }), fc.anything()), (body) => {
        const read = readBatch(schema, body);
        for (const { observation } of 'elements' in read ? read.elements : []) {
          expect(observation.price).toBeGreaterThanOrEqual(0);
          expect(observation.price).toBeLessThanOrEqual(1e12);
          expect(Number.isInteger(observation.lots)).toBe(true);
          expect(observation.name?.trim()).toBe(observation.name);
        }
      }),
    );
  });
});
