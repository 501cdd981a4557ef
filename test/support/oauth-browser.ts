import { type Answer, get } from './api-client.js';

/** What a browser does between the address that we give and the one where it ends. */
export interface BrowserWalk {
  /** The callback as the provider has made it, path and query, not yet opened. */
  callback: string;
  /** Opens it. */
  open(headers?: Record<string, string>): Promise<Answer>;
}

/**
 * Opens the provider's page in the name of `who` and stops before coming back.
 * @param also parameters of the stand-in, such as `sandbox_deny` or `sandbox_scope`
 */
export async function agreeAtProvider(
  base: string,
  url: string,
  who: string,
  also: Record<string, string> = {},
): Promise<BrowserWalk> {
  const page = new URL(url);
  page.searchParams.set('login_hint', who);
  for (const [name, value] of Object.entries(also)) page.searchParams.set(name, value);
  const answer = await fetch(page, { redirect: 'manual' });
  const location = answer.headers.get('location');
  if (location === null)
    throw new Error(`The provider did not send the browser back: ${await answer.text()}`);
  const { pathname, search } = new URL(location);
  const callback = pathname + search;
  return { callback, open: (headers = {}) => get(base, callback, { token: null, headers }) };
}

/** The code with which a way ends: in the address of the app, or on the page. */
export function codeAtTheEnd(answer: Answer): string {
  const location = answer.headers.get('location');
  const code =
    location === null ? /<code>([\w-]+)</.exec(answer.text)?.[1] : new URL(location).searchParams.get('code');
  if (!code) throw new Error(`The way ended without a code: ${answer.status} ${answer.text}`);
  return code;
}
