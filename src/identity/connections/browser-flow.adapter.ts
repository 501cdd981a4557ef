import type { Request, Response } from 'express';
import { sha256 } from '../../platform/crypto/digest.js';
import { requestOrigin } from '../../platform/http/public-origin.js';
import { donePage, returnAddress } from './callback-answer.js';
import { AUTHORIZATION_LIFE_S, type Begun, type CameBack, type WayBack } from './authorizations.service.js';
import { SECRET_SHAPE } from './authorization-state.codec.js';

// What the ways to providers have to do with HTTP: the cookie by which a browser is known again, the query of the callback, and the
// answer to it.

const COOKIE_PREFIX = 'guildhall-authorization-';
const TAG_LENGTH = 16;
/** One per way that was begun, so that a browser may be on several at once. */
const cookieOf = (state: string): string =>
  COOKIE_PREFIX + sha256(state).toString('hex').slice(0, TAG_LENGTH);
const COOKIE_PATH = '/api/v1';
const MOST_PARAMETERS = 20;
const MAX_PARAMETER_LENGTH = 4_096;

export function wayBackOf(request: Request, returnTo: string | undefined): WayBack {
  return { origin: requestOrigin(request), returnTo: returnTo ?? null };
}

/** The browser that begins, where it is one: another one's cookie does not fit. */
export function rememberBrowser(
  request: Request,
  response: Response,
  { state, browserSecret }: Pick<Begun, 'state' | 'browserSecret'>,
): void {
  response.cookie(cookieOf(state), browserSecret, {
    httpOnly: true,
    sameSite: 'lax',
    secure: request.secure,
    path: COOKIE_PATH,
    maxAge: AUTHORIZATION_LIFE_S * 1_000,
  });
}

/** Parameters that come twice count as none. */
export function cameBackOf(request: Request): CameBack {
  const given = Object.entries(request.query as Record<string, unknown>).slice(0, MOST_PARAMETERS);
  const parameters: Record<string, string> = {};
  for (const [name, value] of given)
    if (typeof value === 'string' && value.length <= MAX_PARAMETER_LENGTH) parameters[name] = value;
  return { parameters, browserSecret: browserSecretOf(request.headers.cookie, parameters['state']) };
}

/** @param told to the app */
export function answerBrowser(
  request: Request,
  response: Response,
  returnTo: string | null,
  told: { provider: string; code: string },
): void {
  const { state } = cameBackOf(request).parameters;
  response.clearCookie(cookieOf(state ?? ''), {
    httpOnly: true,
    sameSite: 'lax',
    secure: request.secure,
    path: COOKIE_PATH,
  });
  response.setHeader('Cache-Control', 'no-store');
  if (returnTo !== null) {
    response.redirect(302, returnAddress(returnTo, told));
    return;
  }
  response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  response.status(200).type('html').end(donePage(told.code));
}

/** That of the way with this state; of a browser that is on other ways only, one of theirs, which does not fit. */
function browserSecretOf(header: string | undefined, state: string | undefined): string | undefined {
  const ours = (header ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .filter(([name, value]) => name?.startsWith(COOKIE_PREFIX) && SECRET_SHAPE.test(value ?? ''));
  const own = ours.find(([name]) => name === cookieOf(state ?? ''));
  return (own ?? ours[0])?.[1];
}
