import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inProgress } from '../../../test/support/destiny-entries.js';
import { shippedCatalog } from './catalog.reader.js';
import { instantOf, toCatalystDto, toFactsDto } from './catalysts.mapper.js';

/** As to_json writes a timestamptz. */
function writtenBySql(at: Date, offsetHours: number): string {
  const local = new Date(at.getTime() + offsetHours * 3_600_000).toISOString().slice(0, -1);
  const sign = offsetHours < 0 ? '-' : '+';
  const zone = `${sign}${String(Math.abs(offsetHours)).padStart(2, '0')}:00`;
  return local.replace(/\.?0*$/, (zeros) => (zeros.startsWith('.') ? '' : zeros.replace(/0+$/, ''))) + zone;
}

const instant = fc.date({
  min: new Date('2017-08-01T00:00:00Z'),
  max: new Date('2099-12-31T00:00:00Z'),
  noInvalidDate: true,
});

describe('an instant of a document', () => {
  it('is the same instant in the form of the API, whatever its fraction and zone', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -11, max: 12 }), (at, offsetHours) => {
        expect(instantOf(writtenBySql(at, offsetHours))).toBe(at.toISOString());
      }),
    );
  });

  it.each([
    ['2026-06-09T17:00:00+00:00', '2026-06-09T17:00:00.000Z'],
    ['2026-06-09T17:00:00.12+00:00', '2026-06-09T17:00:00.120Z'],
    ['2026-06-09T17:00:00.123+00:00', '2026-06-09T17:00:00.123Z'],
    ['2026-06-09T17:00:00.123456+00:00', '2026-06-09T17:00:00.123Z'],
    ['2026-06-09T19:00:00.123+02:00', '2026-06-09T17:00:00.123Z'],
  ])('%s is %s', (written, expected) => {
    expect(instantOf(written)).toBe(expected);
  });
});

describe('a catalyst of the API', () => {
  it('holds every fact of its catalyst, unchanged by whoever had it before', () => {
    for (const facts of shippedCatalog().catalysts) {
      const entry = {
        ...inProgress(facts, [1]),
        isTracked: false,
        foundAt: null,
        completedAt: null,
        progressedAt: null,
      };
      const dto = toCatalystDto(entry);
      expect(dto).toMatchObject(toFactsDto(facts));
      dto.weaponName = 'another';
      expect(toCatalystDto(entry).weaponName).toBe(facts.weaponName);
    }
  });
});
