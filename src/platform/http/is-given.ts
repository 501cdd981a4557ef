/**
 * For `@ValidateIf(isGiven)` on a property that may be missing: null is no way to leave something out, where `@IsOptional()` would let it pass
 * unchecked.
 */
export function isGiven(_object: object, value: unknown): boolean {
  return value !== undefined;
}

/** For `@ValidateIf(isSaid)` on a property that null takes away: what is missing, or null, is not looked at. */
export function isSaid(_object: object, value: unknown): boolean {
  return value !== undefined && value !== null;
}
