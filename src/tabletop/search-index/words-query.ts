// What somebody types into a search box, as PostgreSQL's websearch_to_tsquery reads it, in the common query language of Elasticsearch and
// OpenSearch: words stand together, "in quotes" in this order, `or` between them, `-` before what must not be there.

const PARTS = /(-?)"([^"]*)"?|(\S+)/g;

interface Part {
  readonly text: string;
  readonly isPhrase: boolean;
  readonly isRefused: boolean;
}

/** @param fields each of which may hold all of it @returns undefined where nothing is asked */
export function wordsQuery(text: string, fields: readonly string[]): object | undefined {
  const groups = groupsOf(text).filter((group) => group.length > 0);
  if (groups.length === 0) return undefined;
  return anyOf(fields.flatMap((field) => groups.map((group) => groupQuery(group, field))));
}

/** What stands between `or`s. */
function groupsOf(text: string): Part[][] {
  const groups: Part[][] = [[]];
  for (const [, minus = '', phrase, word = ''] of text.matchAll(PARTS)) {
    if (phrase === undefined && word.toLowerCase() === 'or') groups.push([]);
    else if (phrase !== undefined)
      groups.at(-1)!.push({ text: phrase, isPhrase: true, isRefused: minus !== '' });
    else
      groups.at(-1)!.push({
        text: word.replace(/^-+/, ''),
        isPhrase: false,
        isRefused: word.startsWith('-'),
      });
  }
  return groups.map((group) => group.filter((part) => part.text.trim() !== ''));
}

function groupQuery(group: readonly Part[], field: string): object {
  const wanted = group.filter(({ isRefused }) => !isRefused);
  const words = wanted.filter(({ isPhrase }) => !isPhrase).map(({ text }) => text);
  const phrases = wanted.filter(({ isPhrase }) => isPhrase);
  // Words that say nothing ("of", "the") are left out where something else is asked as well.
  const must: object[] = phrases.map(({ text }) => ({ match_phrase: { [field]: { query: text } } }));
  if (words.length > 0)
    must.push({
      match: {
        [field]: {
          query: words.join(' '),
          operator: 'and',
          zero_terms_query: phrases.length > 0 ? 'all' : 'none',
        },
      },
    });
  const refused = group
    .filter(({ isRefused }) => isRefused)
    .map(({ text }) => ({ match_phrase: { [field]: { query: text } } }));
  return { bool: { must, must_not: refused } };
}

export function anyOf(queries: readonly object[]): object {
  return { bool: { should: queries, minimum_should_match: 1 } };
}
