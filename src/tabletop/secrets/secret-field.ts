/** What a secret is about, as a master calls it: `true-name`, `voice.catchPhrase`. 1 to 80 letters, digits, dots, dashes, low lines. */
const FIELD = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;

export function isSecretField(field: string): boolean {
  return FIELD.test(field);
}
