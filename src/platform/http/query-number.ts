import { Transform } from 'class-transformer';

/** A decimal number of a query string, `12.5`. `Number()` would also take '', ' ', '1e3' and '0x1'. */
export const QueryNumber = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value,
  );
