import { Transform } from 'class-transformer';

/** `true` or `false` of a query string; nothing else counts as one. */
export const QueryFlag = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));
