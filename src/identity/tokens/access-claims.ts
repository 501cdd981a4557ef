import { z } from 'zod';

// What an access token says (RFC 9068: its type is at+jwt, so that no other token of ours passes for one). Short names, since
// it travels with every request.

export const ISSUER = 'guildhall';
export const AUDIENCE = 'guildhall-api';
export const TOKEN_TYPE = 'at+jwt';

export const accessTokenSchema = z.object({
  /** Nothing else: what `crit` names has to be understood (RFC 7515), and we understand no extension. */
  header: z.strictObject({ alg: z.literal('ES256'), typ: z.literal(TOKEN_TYPE), kid: z.uuid() }),
  payload: z.object({
    /** Account. */
    sub: z.uuid(),
    /** Session. */
    sid: z.uuid(),
    /** The account's token version. */
    ver: z.number().int(),
    role: z.enum(['member', 'administrator']),
    /** What domains grant beyond the role; left out where they grant nothing. */
    perm: z.array(z.string()).optional(),
    /** Unix time in seconds of the last proof of password or second factor. */
    pat: z.number().int(),
    iat: z.number().int(),
    exp: z.number().int(),
  }),
});

export type AccessClaims = z.output<typeof accessTokenSchema>['payload'];
