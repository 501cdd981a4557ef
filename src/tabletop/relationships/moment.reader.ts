/** A checked instant of a query; null = now. */
export function readMoment(at: string | undefined): Date | null {
  return at === undefined ? null : new Date(at);
}
