// What a model makes of texts, with a list of meanings instead of a mind: words of one meaning point the same way, all others nowhere much.

/** Of the direction in which everything points a little. */
const ANYTHING = 0.1;

/** @param meanings words that mean alike, by meaning; lower case @returns a number per meaning and one more */
export function meaningOf(text: string, meanings: readonly (readonly string[])[]): number[] {
  const words = text.toLowerCase().split(/[^\p{L}]+/u);
  return [...meanings.map((alike) => words.filter((word) => alike.includes(word)).length), ANYTHING];
}

/** The answer of /v1/embeddings. @param input of the question, whatever it is @returns undefined where it is no list of texts */
export function embeddingsAnswer(
  input: unknown,
  model: string,
  meanings: readonly (readonly string[])[],
): object | undefined {
  if (!Array.isArray(input) || input.length === 0) return undefined;
  const texts = input.filter((text) => typeof text === 'string');
  if (texts.length !== input.length) return undefined;
  const data = texts.map((text, index) => ({
    object: 'embedding',
    index,
    embedding: meaningOf(text, meanings),
  }));
  return { object: 'list', model, data: data.reverse(), usage: { prompt_tokens: 1, total_tokens: 1 } };
}
