/** What PostgreSQL can store and people can see: no NUL, no half of a surrogate pair, not blank. */
export const STORABLE = /^(?=[^]*\S)[^\0\p{Surrogate}]*$/u;

export function isStorable(text: string): boolean {
  return STORABLE.test(text);
}
