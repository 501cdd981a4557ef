/** Whom a connection belongs to at its provider; null where the provider does not say. */
interface Whose {
  readonly subject: string | null;
}

/**
 * Are two grants certainly of different people? Of the same person they are one grant at most providers (RFC 7009, 2.1 lets them
 * fall together), so that taking back the older one would end the newer.
 */
export function isAnother(one: Whose, other: Whose): boolean {
  return one.subject !== null && other.subject !== null && one.subject !== other.subject;
}
