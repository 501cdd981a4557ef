/** So much of a body is read by models; names and summaries come first. */
const MOST_BODY = 2_000;

/** What a model is told of an object: never what is secret of it. */
export function embeddedText(row: {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly body: string;
}): string {
  const parts = [row.name, ...row.aliases, row.summary, row.body.slice(0, MOST_BODY).toWellFormed()];
  return parts.filter((part) => part !== '').join('\n');
}
