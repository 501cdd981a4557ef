import { describe, expect, it } from '@jest/globals';
import { IsISO8601, IsNumber, IsOptional } from 'class-validator';
import fc from 'fast-check';
import { NotBelow } from './not-below.js';
import { InputValidationPipe } from './validation.pipe.js';

class Bounds {
  @IsOptional()
  @IsNumber()
  min?: number;

  @IsOptional()
  @IsNumber()
  @NotBelow('min')
  max?: number;

  @IsOptional()
  @IsISO8601()
  from?: string;

  @IsOptional()
  @IsISO8601()
  @NotBelow('from')
  to?: string;
}

const pipe = new InputValidationPipe();
const faults = async (bounds: object): Promise<unknown> =>
  pipe.transform(bounds, { type: 'query', metatype: Bounds }).then(
    () => [],
    (error: { faults: { pointer: string; code: string }[] }) =>
      error.faults.map(({ pointer, code }) => [pointer, code]),
  );
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

describe('an upper bound', () => {
  it('is refused exactly when both are given and it lies below the other', async () => {
    const numbers = maybe(fc.integer({ min: -3, max: 3 }));
    const instants = maybe(
      fc.date({ min: new Date('2026-01-01'), max: new Date('2026-01-03'), noInvalidDate: true }),
    );
    await fc.assert(
      fc.asyncProperty(numbers, numbers, instants, instants, async (min, max, from, to) => {
        const given = { min, max, from: from?.toISOString(), to: to?.toISOString() };
        expect(await faults(given)).toEqual([
          ...(min !== undefined && max !== undefined && max < min ? [['/max', 'is-not-below']] : []),
          ...(from !== undefined && to !== undefined && to < from ? [['/to', 'is-not-below']] : []),
        ]);
      }),
    );
  });

  it('is compared as an instant whatever its zone is', async () => {
    const from = '2026-01-01T12:00:00+02:00';
    expect(await faults({ from, to: '2026-01-01T10:00:00Z' })).toEqual([]);
    expect(await faults({ from, to: '2026-01-01T11:00:00+02:00' })).toEqual([['/to', 'is-not-below']]);
  });

  it('leaves what is no bound to the rule that says so', async () => {
    expect(await faults({ min: 'x', max: 1 })).toEqual([['/min', 'is-number']]);
    expect(await faults({ min: 1, max: 'x' })).toEqual([['/max', 'is-number']]);
  });
});
