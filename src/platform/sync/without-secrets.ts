// Messages of third parties and of libraries may repeat what they were sent. Nothing of a source's secrets goes into a row, a log or an
// answer, whoever wrote the message.

const HIDDEN = '[secret]';
/** Hiding shorter words would make messages unreadable and protect nothing. */
const SHORTEST = 6;
const LONGEST_MESSAGE = 1_000;

/** @param secrets in every form in which they travel */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of [...secrets].sort((a, b) => b.length - a.length))
    if (secret.length >= SHORTEST) clean = clean.replaceAll(secret, HIDDEN);
  return clean.replaceAll('\0', '\uFFFD').toWellFormed().slice(0, LONGEST_MESSAGE);
}
