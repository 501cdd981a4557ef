import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';

/**
 * An integer of a query string, published as one. Only digits count as one: `Number()` would also take '', ' ', '1e3' and '0x1'. What
 * is published besides, bounds above all, says `@ApiProperty` beside it.
 */
export const QueryInt = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: 'integer' }),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value,
    ),
  );
