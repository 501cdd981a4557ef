// Raw prices lie in one partition per UTC month. New months are made before anybody needs them; old ones leave as a whole.

/** The month under way and so many after it have their partition. */
export const MONTHS_AHEAD = 2;

/** @param nowMs Unix time in milliseconds @returns first and last instant of the months to make, Unix milliseconds */
export function spanAhead(nowMs: number): { firstMs: number; lastMs: number } {
  return { firstMs: nowMs, lastMs: startOfMonth(nowMs, MONTHS_AHEAD) };
}

/** @param months whole months to keep beside the one under way @returns the instant before which months leave, Unix milliseconds */
export function detachBefore(nowMs: number, months: number): number {
  return startOfMonth(nowMs, -months);
}

/** @param shift months to go ahead, negative to go back */
function startOfMonth(ms: number, shift: number): number {
  const at = new Date(ms);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + shift, 1);
}
