import { z } from 'zod';
import { isOfOwnNetwork } from './own-network.js';
import { StartupError } from './startup-error.js';

// Which search server is asked beside PostgreSQL: a part of the one schema of the environment. Without it PostgreSQL answers all searches.

export interface SearchServerSettings {
  /** Without credentials and without a slash at the end. */
  readonly baseUrl: string;
  /** The Authorization header that its credentials make; undefined = it asks for none. */
  readonly authorization: string | undefined;
}

export const SEARCH_VARIABLES = {
  ELASTICSEARCH_URL: z.url({ protocol: /^https?$/ }).optional(),
};

type Given = z.output<z.ZodObject<typeof SEARCH_VARIABLES>>;

/** undefined = none is asked. @throws StartupError */
export function searchServerSettings({ ELASTICSEARCH_URL: given }: Given): SearchServerSettings | undefined {
  if (given === undefined) return undefined;
  const url = new URL(given);
  const credentials = credentialsOf(url);
  Object.assign(url, { username: '', password: '', search: '', hash: '' });
  return {
    baseUrl: url.href.replace(/\/+$/, ''),
    authorization: credentials && `Basic ${Buffer.from(credentials).toString('base64')}`,
  };
}

/** @throws StartupError */
function credentialsOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  try {
    if (username !== '') return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  } catch {
    // said below
  }
  throw new StartupError(
    'ELASTICSEARCH_URL needs a name before its password, and special characters of both percent-encoded.',
  );
}

/** In production: what campaigns hold does not go over the Internet in the open. @throws StartupError */
export function refuseUnsafeSearchServer(server: SearchServerSettings | undefined): void {
  if (server === undefined || !server.baseUrl.startsWith('http:')) return;
  if (!isOfOwnNetwork(new URL(server.baseUrl).hostname))
    throw new StartupError(
      'ELASTICSEARCH_URL must be an https:// URL in production, unless the server is in your own network.',
    );
}
