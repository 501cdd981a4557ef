import { z } from 'zod';

// Outside issuers whose tokens are taken as they are, from TRUSTED_ISSUERS: a JSON list. Each has either published keys or one
// shared secret, never both, so that a public key can never be taken for a secret.

const PUBLIC_KEY_ALGORITHMS = ['ES256', 'ES384', 'ES512', 'RS256', 'PS256', 'EdDSA'] as const;
const FEWEST_SECRET_CHARACTERS = 32;

const named = {
  /** The token's `iss`, character by character. */
  issuer: z.string().min(1).max(300),
  /** One that the token's `aud` must hold. */
  audience: z.string().min(1).max(300),
};
const byKeys = z.strictObject({
  ...named,
  jwksUrl: z.url({ protocol: /^https?$/ }),
  algorithms: z.array(z.enum(PUBLIC_KEY_ALGORITHMS)).min(1).default(['ES256', 'RS256']),
});
const bySecret = z.strictObject({
  ...named,
  sharedSecret: z.string().min(FEWEST_SECRET_CHARACTERS).max(512),
  algorithms: z.array(z.literal('HS256')).min(1).default(['HS256']),
});

export type TrustedIssuer = z.output<typeof byKeys> | z.output<typeof bySecret>;

const list = z
  .array(z.union([byKeys, bySecret], 'must have issuer, audience, and jwksUrl or sharedSecret'))
  .max(20)
  .refine((issuers) => new Set(issuers.map(({ issuer }) => issuer)).size === issuers.length, 'one per issuer')
  .refine((issuers) => issuers.every(({ issuer }) => issuer !== 'guildhall'), 'guildhall is this one');

/** Says what is wrong and never repeats a value. */
export const trustedIssuersSchema = z.string().transform((text, context): TrustedIssuer[] => {
  const parsed = list.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => [...path, message].join(' '));
  context.addIssue({ code: 'custom', message: `must be a JSON list of issuers (${faults.join('; ')})` });
  return z.NEVER;
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
