import { Transform } from 'class-transformer';

/** Words of a query string with commas between them, `a,b`, as a list. */
export const QueryWords = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.split(',').map((word) => word.trim()) : value,
  );
