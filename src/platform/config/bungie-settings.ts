import { z } from 'zod';
import { StartupError } from './startup-error.js';

// Whom Bungie.net knows us as: a part of the one schema of the environment. The key opens what is public (manifest, public profiles);
// connecting accounts needs the client besides.

export interface BungieSettings {
  readonly apiKey: string;
  /** Undefined: nobody can connect. */
  readonly client: { readonly id: string; readonly secret: string } | undefined;
  /** Sign-in and API alike; without a slash at the end. */
  readonly baseUrl: string;
}

const word = (least: number) =>
  z
    .string()
    .min(least)
    .max(200)
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without blanks');

export const BUNGIE_VARIABLES = {
  BUNGIE_API_KEY: word(8).optional(),
  BUNGIE_CLIENT_ID: z
    .string()
    .regex(/^\d{1,10}$/, 'must be the number of the application')
    .optional(),
  BUNGIE_CLIENT_SECRET: word(16).optional(),
  BUNGIE_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .default('https://www.bungie.net'),
};

type Given = z.output<z.ZodObject<typeof BUNGIE_VARIABLES>>;

/** @throws StartupError for half of the client, or a client without the key */
export function bungieSettings(given: Given): BungieSettings | undefined {
  const { BUNGIE_API_KEY: apiKey, BUNGIE_CLIENT_ID: id, BUNGIE_CLIENT_SECRET: secret } = given;
  if ((id === undefined) !== (secret === undefined))
    throw new StartupError('BUNGIE_CLIENT_ID and BUNGIE_CLIENT_SECRET come together: set both or neither.');
  if (apiKey === undefined) {
    if (id !== undefined)
      throw new StartupError('BUNGIE_CLIENT_ID needs BUNGIE_API_KEY of the same application.');
    return undefined;
  }
  const client = id === undefined || secret === undefined ? undefined : { id, secret };
  return { apiKey, client, baseUrl: given.BUNGIE_URL };
}
