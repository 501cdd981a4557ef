// What somebody types into a search box, as PostgreSQL's websearch_to_tsquery reads it: words stand together, "in quotes" in this order,
// `or` between them, `-` before what must not be there.

const PARTS = /(-?)"([^"]*)"?|(\S+)/g;

export interface SearchPart {
  readonly text: string;
  readonly isPhrase: boolean;
  readonly isRefused: boolean;
}

/** @returns what stands between `or`s; groups without anything are left out */
export function searchGroups(text: string): SearchPart[][] {
  const groups: SearchPart[][] = [[]];
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
  return groups
    .map((group) => group.filter((part) => part.text.trim() !== ''))
    .filter((group) => group.length > 0);
}

export function refusesWords(text: string): boolean {
  return searchGroups(text).some((group) => group.some(({ isRefused }) => isRefused));
}

/**
 * What must not be there, in any form of any language, as a text to search for. Stems are kept of texts and plain words of names, so what is refused has to
 * be refused by each. '' where nothing is, or only beside some of several `or`s.
 */
export function refusedWords(text: string): string {
  const [group = [], ...others] = searchGroups(text);
  if (others.length > 0) return '';
  return group
    .filter(({ isRefused }) => isRefused)
    .map((part) => `"${part.text.replaceAll('"', ' ')}"`)
    .join(' or ');
}
