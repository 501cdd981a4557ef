/** What was said before, as the model is told it. */
export interface SaidBefore {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

export const MOST_HISTORY_MESSAGES = 20;
export const MOST_HISTORY_TOKENS = 3_000;
/** English text has some four letters to a token; a wrong guess costs a little context and nothing else. */
const LETTERS_PER_TOKEN = 4;

export function guessTokens(text: string): number {
  return Math.ceil(text.length / LETTERS_PER_TOKEN);
}

/**
 * The newest messages that fit, oldest first. A message that does not fit is left out whole, and so is everything before it; what is
 * left begins with a question.
 * @param said oldest first
 */
export function historyWindow(
  said: readonly SaidBefore[],
  mostTokens = MOST_HISTORY_TOKENS,
): readonly SaidBefore[] {
  let tokens = 0;
  let from = said.length;
  while (from > 0 && said.length - from < MOST_HISTORY_MESSAGES) {
    tokens += guessTokens(said[from - 1]!.content);
    if (tokens > mostTokens) break;
    from -= 1;
  }
  while (from < said.length && said[from]!.role !== 'user') from += 1;
  return said.slice(from);
}
