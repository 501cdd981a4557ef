import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsArray, IsIn, IsOptional } from 'class-validator';

/** Words of a query string with commas between them, `a,b`, as a list. */
export const QueryWords = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.split(',').map((word) => word.trim()) : value,
  );

/** Any of the known words, with commas between them; may be left out. */
export const QueryChoices = (known: readonly string[]): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ enum: [...known], isArray: true }),
    IsOptional(),
    QueryWords(),
    IsArray(),
    IsIn(known, { each: true }),
  );
