import type { Request, Response } from 'express';
import { donePage, returnAddress } from './callback-answer.js';
import { AUTHORIZATION_LIFE_S, type CameBack, type WayBack } from './authorizations.service.js';
import { SECRET_SHAPE } from './authorization-state.codec.js';

// What the ways to providers have to do with HTTP: the cookie by which a browser is known again, the query of the callback, and the
// answer to it.

const COOKIE = 'guildhall-authorization';
const COOKIE_PATH = '/api/v1';
const MOST_PARAMETERS = 20;
const MAX_PARAMETER_LENGTH = 4_096;

export function wayBackOf(request: Request, returnTo: string | undefined): WayBack {
  return { origin: `${request.protocol}://${request.host}`, returnTo: returnTo ?? null };
}

/** The browser that begins, where it is one: another one's cookie does not fit. */
export function rememberBrowser(request: Request, response: Response, secret: string): void {
  response.cookie(COOKIE, secret, {
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
  return { parameters, browserSecret: browserSecretOf(request.headers.cookie) };
}

/** @param told to the app */
export function answerBrowser(
  request: Request,
  response: Response,
  returnTo: string | null,
  told: { provider: string; code: string },
): void {
  response.clearCookie(COOKIE, {
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

function browserSecretOf(header: string | undefined): string | undefined {
  const value = header
    ?.split(';')
    .map((pair) => pair.trim().split('='))
    .find(([name]) => name === COOKIE)?.[1];
  return value !== undefined && SECRET_SHAPE.test(value) ? value : undefined;
}
