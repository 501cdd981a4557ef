/**
 * The id of a thing of a character, by which a second import knows it again: `class-12345`.
 * @param number its number there; where the file gives none, or one twice, @param at its place counts
 */
export function freeId(what: string, number: unknown, taken: Set<string>, at: number): string {
  const named = typeof number === 'number' && Number.isSafeInteger(number) ? `${what}-${number}` : undefined;
  const id = named !== undefined && !taken.has(named) ? named : `${what}-at-${at}`;
  taken.add(id);
  return id;
}
