import { Transform } from 'class-transformer';

/** An integer of a query string. Only digits count as one: `Number()` would also take '', ' ', '1e3' and '0x1'. */
export const QueryInt = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value,
  );
