import { searchGroups, type SearchPart } from '../search/search-words.js';

// What somebody types into a search box, in the common query language of Elasticsearch and OpenSearch.

/** @param fields each of which may hold all of it @returns undefined where nothing is asked */
export function wordsQuery(text: string, fields: readonly string[]): object | undefined {
  const groups = searchGroups(text);
  if (groups.length === 0) return undefined;
  return anyOf(groups.map((group) => groupQuery(group, fields)));
}

/** What is wanted stands in one of the fields; what is refused in none of them. */
function groupQuery(group: readonly SearchPart[], fields: readonly string[]): object {
  const wanted = group.filter(({ isRefused }) => !isRefused);
  const refused = group
    .filter(({ isRefused }) => isRefused)
    .flatMap(({ text }) => fields.map((field) => phraseQuery(field, text)));
  const must = wanted.length === 0 ? [] : [anyOf(fields.map((field) => wantedQuery(field, wanted)))];
  return { bool: { must, must_not: refused } };
}

function wantedQuery(field: string, wanted: readonly SearchPart[]): object {
  const phrases = wanted.filter(({ isPhrase }) => isPhrase);
  const words = wanted.filter(({ isPhrase }) => !isPhrase).map(({ text }) => text);
  // Words that say nothing ("of", "the") are left out where something else is asked as well.
  const zero_terms_query = phrases.length > 0 ? 'all' : 'none';
  const query = { query: words.join(' '), operator: 'and', zero_terms_query };
  return {
    bool: {
      must: [
        ...phrases.map(({ text }) => phraseQuery(field, text)),
        ...(words.length === 0 ? [] : [{ match: { [field]: query } }]),
      ],
    },
  };
}

function phraseQuery(field: string, text: string): object {
  return { match_phrase: { [field]: { query: text } } };
}

export function anyOf(queries: readonly object[]): object {
  return { bool: { should: queries, minimum_should_match: 1 } };
}
