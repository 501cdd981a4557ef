/** What PostgreSQL can store and people can see: no NUL, no half of a surrogate pair, not blank. */
export const STORABLE = /^(?=[^]*\S)[^\0\p{Surrogate}]*$/u;

export function isStorable(text: string): boolean {
  return STORABLE.test(text);
}

/** What the message of a fault says. */
export const SEEN_AND_STORED = { message: 'must be text that can be seen and stored' };

/** The same, but it may be blank. */
export const STORABLE_OR_BLANK = /^[^\0\p{Surrogate}]*$/u;

/**
 * Whether PostgreSQL can store a value of JSON: every text and key in it, at any depth. Without recursion, which a hostile depth would
 * exhaust.
 * @param mostDepth levels of objects and lists, since whoever reads them back may recurse
 */
export function isStorableJson(value: unknown, mostDepth: number): boolean {
  const left: [value: unknown, depth: number][] = [[value, 0]];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [one, depth] = next;
    if (typeof one === 'string' && !STORABLE_OR_BLANK.test(one)) return false;
    if (typeof one !== 'object' || one === null) continue;
    if (depth >= mostDepth) return false;
    for (const [key, inner] of Object.entries(one)) {
      if (!STORABLE_OR_BLANK.test(key)) return false;
      left.push([inner, depth + 1]);
    }
  }
  return true;
}

/** Whether a value of JSON has more levels of objects and lists than that. Without recursion. */
export function isDeeperThan(value: unknown, most: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const inner = level.filter((one): one is object => typeof one === 'object' && one !== null);
    if (inner.length > 0 && depth >= most) return true;
    level = inner.flatMap((one) => Object.values(one) as unknown[]);
  }
  return false;
}
