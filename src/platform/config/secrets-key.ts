import { z } from 'zod';

/** A key that wraps the data keys of users: `<kid>:<base64 of 32 bytes>` in SECRETS_KEY. */
export interface SecretsKey {
  /** Name of the key, stored beside whatever it wraps: 1 to 32 of A-Z a-z 0-9 . _ - */
  readonly kid: string;
  /** 32 bytes. */
  readonly bytes: Buffer;
}

const KEY_BYTES = 32;
const FORM = /^([A-Za-z0-9._-]{1,32}):([A-Za-z0-9+/_-]{43}=?)$/;
/** 32 random bytes have fewer different ones about once in 10^9. */
const FEWEST_DIFFERENT_BYTES = 20;

/** One key as it stands in the environment. Says what is wrong and never repeats the value. */
export const secretsKeySchema = z.string().transform((text, context): SecretsKey => {
  const [, kid, encoded] = FORM.exec(text) ?? [];
  const bytes = Buffer.from(encoded ?? '', 'base64');
  if (kid !== undefined && bytes.length === KEY_BYTES) return { kid, bytes };
  context.addIssue({ code: 'custom', message: 'must be <kid>:<base64 of 32 bytes>' });
  return z.NEVER;
});

/** Text instead of random bytes, or next to nothing but one byte. */
export function isPlaceholderKey({ bytes }: SecretsKey): boolean {
  return new Set(bytes).size < FEWEST_DIFFERENT_BYTES || /^[\x20-\x7e]+$/.test(bytes.toString('latin1'));
}

/** Those that open what was once sealed; the first one, where there is one, seals. */
export function allSecretsKeys({
  secretsKey,
  oldSecretsKeys,
}: {
  readonly secretsKey: SecretsKey | undefined;
  readonly oldSecretsKeys: readonly SecretsKey[];
}): readonly SecretsKey[] {
  return secretsKey === undefined ? oldSecretsKeys : [secretsKey, ...oldSecretsKeys];
}
