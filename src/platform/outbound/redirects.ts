// What a redirect may carry along. Another origin gets nothing that proves who we are: of the headers only those that say what
// an answer should look like, and no body, since bodies of token requests are credentials too.

export interface Hop {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
}

/** Why a redirect is not followed. */
export type RedirectFault = 'no-location' | 'downgrade' | 'scheme' | 'body-to-stranger';

const HARMLESS_HEADERS = new Set(['accept', 'accept-language', 'user-agent']);
const BODY_HEADERS = new Set(['content-type', 'content-length', 'content-encoding', 'content-language']);

export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/** The request that follows a redirect, or why there is none. 301, 302 and 303 turn everything but HEAD into GET, as browsers do. */
export function nextHop(hop: Hop, status: number, location: string | undefined): Hop | RedirectFault {
  let url: URL;
  try {
    url = new URL(location ?? '', hop.url);
  } catch {
    return 'no-location';
  }
  if (location === undefined || location === '') return 'no-location';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'scheme';
  if (hop.url.protocol === 'https:' && url.protocol === 'http:') return 'downgrade';
  if (url.username !== '' || url.password !== '') return 'scheme';
  url.hash = '';
  const isSame = url.origin === hop.url.origin;
  const keepsMethod = status === 307 || status === 308 || hop.method === 'GET' || hop.method === 'HEAD';
  if (keepsMethod && hop.body !== null && !isSame) return 'body-to-stranger';
  const body = keepsMethod ? hop.body : null;
  const headers = Object.fromEntries(
    Object.entries(hop.headers).filter(
      ([name]) => (isSame || HARMLESS_HEADERS.has(name)) && (body !== null || !BODY_HEADERS.has(name)),
    ),
  );
  return { method: keepsMethod ? hop.method : 'GET', url, headers, body };
}
