import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  EARLIEST_MS,
  MAX_AHEAD_MS,
  MAX_UNIT_PRICE,
  nativeObservationSchema,
  storableText,
} from './observation.js';

const NOW = Date.UTC(2026, 6, 1, 12);
const schema = nativeObservationSchema(() => NOW);
const AT = '2026-06-30T10:00:00Z';
const minimal = { externalId: 7, unitPrice: 10, capturedAt: AT };

/** The first fault as `where: which`, or the observation itself. */
function judge(element: unknown): string | object {
  const { success, data, error } = schema.safeParse(element);
  return success ? data : `${error.issues[0]!.path.join('/')}: ${error.issues[0]!.code}`;
}

describe('nativeObservationSchema', () => {
  it('fills in what may be left out', () => {
    expect(schema.parse(minimal)).toEqual({
      externalId: 7,
      name: null,
      category: null,
      price: 10,
      lots: 1,
      capturedAtMs: Date.UTC(2026, 5, 30, 10),
      source: 'api',
      sourceVersion: '',
    });
  });

  it('takes a whole element and trims what people read', () => {
    const element = {
      ...minimal,
      name: '  Épée de Boisaille ',
      category: ' Arme\t',
      lots: 4,
      source: 'client',
      sourceVersion: '1.2.3',
    };
    expect(schema.parse(element)).toMatchObject({
      name: 'Épée de Boisaille',
      category: 'Arme',
      lots: 4,
      source: 'client',
      sourceVersion: '1.2.3',
    });
  });

  it('takes a name instead of an id', () => {
    expect(schema.parse({ name: 'Bois', unitPrice: 1, capturedAt: AT })).toMatchObject({
      externalId: null,
      name: 'Bois',
    });
  });

  it.each<[string, unknown, string]>([
    ['no object', 'text', ': invalid_type'],
    ['null', null, ': invalid_type'],
    ['an array', [minimal], ': invalid_type'],
    ['nothing in it', {}, 'unitPrice: invalid_type'],
    ['neither id nor name', { unitPrice: 1, capturedAt: AT }, 'externalId: custom'],
    ['an unknown key', { ...minimal, server: 'Draconiros' }, ': unrecognized_keys'],
    [
      'a key of the prototype',
      JSON.parse(`{"__proto__": 1, "externalId": 7, "unitPrice": 1, "capturedAt": "${AT}"}`),
      ': unrecognized_keys',
    ],
    ['an id in text', { ...minimal, externalId: '7' }, 'externalId: invalid_type'],
    ['an id of 0', { ...minimal, externalId: 0 }, 'externalId: too_small'],
    ['an id that is no integer', { ...minimal, externalId: 1.5 }, 'externalId: invalid_type'],
    ['an id beyond int4', { ...minimal, externalId: 2_147_483_648 }, 'externalId: too_big'],
    ['an empty name', { ...minimal, name: '' }, 'name: too_small'],
    ['a blank name', { ...minimal, name: ' \t\u3000' }, 'name: custom'],
    ['a name of 256', { ...minimal, name: 'x'.repeat(256) }, 'name: too_big'],
    ['NUL in a name', { ...minimal, name: 'a\0b' }, 'name: custom'],
    ['half a surrogate pair in a name', { ...minimal, name: 'a\ud800b' }, 'name: custom'],
    ['NUL in a category', { ...minimal, category: '\0' }, 'category: custom'],
    ['half a surrogate pair in a source', { ...minimal, source: '\udfff' }, 'source: custom'],
    ['a source version of 51', { ...minimal, sourceVersion: 'x'.repeat(51) }, 'sourceVersion: too_big'],
    ['a price of 0', { ...minimal, unitPrice: 0 }, 'unitPrice: too_small'],
    ['a price of -0', { ...minimal, unitPrice: -0 }, 'unitPrice: too_small'],
    ['a negative price', { ...minimal, unitPrice: -1 }, 'unitPrice: too_small'],
    ['an absurd price', { ...minimal, unitPrice: MAX_UNIT_PRICE * 1.01 }, 'unitPrice: too_big'],
    ['NaN', { ...minimal, unitPrice: Number.NaN }, 'unitPrice: invalid_type'],
    [
      '1e999, which JSON reads as Infinity',
      JSON.parse(`{"externalId": 7, "unitPrice": 1e999, "capturedAt": "${AT}"}`),
      'unitPrice: invalid_type',
    ],
    ['a price in text', { ...minimal, unitPrice: '10' }, 'unitPrice: invalid_type'],
    ['no lots at all', { ...minimal, lots: 0 }, 'lots: too_small'],
    ['half a lot', { ...minimal, lots: 0.5 }, 'lots: invalid_type'],
    ['too many lots', { ...minimal, lots: 1_000_001 }, 'lots: too_big'],
    ['no instant', { externalId: 7, unitPrice: 1 }, 'capturedAt: invalid_type'],
    [
      'an instant without a zone',
      { ...minimal, capturedAt: '2026-06-30T10:00:00' },
      'capturedAt: invalid_format',
    ],
    ['a date', { ...minimal, capturedAt: '2026-06-30' }, 'capturedAt: invalid_format'],
    [
      'a day that does not exist',
      { ...minimal, capturedAt: '2026-02-29T10:00:00Z' },
      'capturedAt: invalid_format',
    ],
    ['year 1', { ...minimal, capturedAt: '0001-01-01T00:00:00Z' }, 'capturedAt: custom'],
    ['a Unix time', { ...minimal, capturedAt: NOW }, 'capturedAt: invalid_type'],
  ])('refuses %s', (_what, element, fault) => {
    expect(judge(element)).toBe(fault);
  });

  it('accepts an instant from 2010 until five minutes ahead of the clock, and none beside', () => {
    const at = (ms: number): string | object => judge({ ...minimal, capturedAt: new Date(ms).toISOString() });
    expect(at(EARLIEST_MS)).toMatchObject({ capturedAtMs: EARLIEST_MS });
    expect(at(EARLIEST_MS - 1)).toBe('capturedAt: custom');
    expect(at(NOW + MAX_AHEAD_MS)).toMatchObject({ capturedAtMs: NOW + MAX_AHEAD_MS });
    expect(at(NOW + MAX_AHEAD_MS + 1)).toBe('capturedAt: custom');
  });

  it('reads offsets and more digits than it keeps', () => {
    const at = (capturedAt: string): number => schema.parse({ ...minimal, capturedAt }).capturedAtMs;
    expect(at('2026-06-30T12:00:00+02:00')).toBe(Date.UTC(2026, 5, 30, 10));
    expect(at('2026-06-30T04:30:00.5-05:30')).toBe(Date.UTC(2026, 5, 30, 10, 0, 0, 500));
    expect(at('2026-06-30T10:00:00.123456Z')).toBe(Date.UTC(2026, 5, 30, 10, 0, 0, 123));
  });

  it('gives back every valid element as it was', () => {
    const text = (maxLength: number) =>
      fc
        .string({ unit: 'grapheme', minLength: 1, maxLength })
        .filter((value) => storableText(maxLength).safeParse(value).success);
    fc.assert(
      fc.property(
        fc.record({
          externalId: fc.integer({ min: 1, max: 2_147_483_647 }),
          name: text(40),
          unitPrice: fc.double({ min: Number.MIN_VALUE, max: MAX_UNIT_PRICE, noNaN: true }),
          lots: fc.integer({ min: 1, max: 1_000_000 }),
          capturedAt: fc.date({ min: new Date(EARLIEST_MS), max: new Date(NOW), noInvalidDate: true }),
          source: text(40),
        }),
        (element) => {
          const parsed = schema.parse({ ...element, capturedAt: element.capturedAt.toISOString() });
          expect(parsed).toEqual({
            externalId: element.externalId,
            name: element.name.trim(),
            category: null,
            price: element.unitPrice,
            lots: element.lots,
            capturedAtMs: element.capturedAt.getTime(),
            source: element.source,
            sourceVersion: '',
          });
        },
      ),
    );
  });

  it('never throws and never lets through what PostgreSQL cannot store, whatever JSON it gets', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            externalId: fc.jsonValue(),
            name: fc.string({ unit: 'binary' }),
            unitPrice: fc.oneof(fc.double(), fc.jsonValue()),
            capturedAt: fc.constant(AT),
          },
          { requiredKeys: [] },
        ),
        (element) => {
          const { data } = schema.safeParse(element);
          if (data === undefined) return;
          expect(data.price).toBeGreaterThan(0);
          expect(data.price).toBeLessThanOrEqual(MAX_UNIT_PRICE);
          expect(data.name?.includes('\0') ?? false).toBe(false);
          expect(data.name?.isWellFormed() ?? true).toBe(true);
          expect(data.name).not.toBe('');
        },
      ),
    );
  });
});
