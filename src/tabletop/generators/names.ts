import type { RandomStream } from '../tables/random-stream.js';
import { capitalised } from './draft.js';
import type { Culture, GeneratorBook } from './generator-book.js';

const LONGEST_NAME = 12;
const SHORTEST_NAME = 3;
const MOST_TRIES = 12;

/** A name that sounds like a culture's: a syllable that begins its words, sometimes one from their middle, and one that ends them. */
export function nameOf({ start, middle, end }: Culture, stream: RandomStream): string {
  let name = '';
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const first = stream.pick(start);
    const inner = middle.length > 0 && stream.below(4) === 0 ? stream.pick(middle) : '';
    const last = stream.pick(end);
    name = (first + inner + last).replace(/(.)\1\1+/g, '$1$1');
    const isEcho = first === last || inner === last || first === inner;
    if (!isEcho && name.length >= SHORTEST_NAME && name.length <= LONGEST_NAME) break;
  }
  return capitalised(name);
}

/** Two words that became one: Ashford, Otterwell. */
export function familyOfWords({ people: { familyWords } }: GeneratorBook, stream: RandomStream): string {
  const first = stream.pick(familyWords.first);
  let last = stream.pick(familyWords.last);
  while (first.toLowerCase().endsWith(last) || first.toLowerCase() === last)
    last = stream.pick(familyWords.last);
  return first + last;
}

/** @param culture that there is */
export function cultureOf(book: GeneratorBook, culture: string): Culture {
  const found = book.cultures.get(culture);
  if (found === undefined) throw new RangeError(`there is no culture ${culture}`);
  return found;
}
