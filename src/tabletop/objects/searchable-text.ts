/** PostgreSQL keeps at most a MiB of different words of one thing. */
const MOST_CHARACTERS = 100_000;

/** The texts in what is special to an object, at any depth, the first ones of many. Without recursion, which a hostile depth would exhaust. */
export function searchableText(details: object): string {
  const [texts, left]: [string[], unknown[]] = [[], [details]];
  let length = 0;
  while (left.length > 0 && length < MOST_CHARACTERS) {
    const next = left.pop();
    if (typeof next === 'string') {
      texts.push(next.slice(0, MOST_CHARACTERS - length));
      length += next.length + 1;
    } else if (typeof next === 'object' && next !== null)
      left.push(...(Object.values(next) as unknown[]).reverse());
  }
  return texts.join(' ');
}
