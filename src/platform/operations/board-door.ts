import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { PrincipalResolver } from '../auth/principal-resolver.js';

export const BOARD_PATH = '/admin/queues';
/** The board loads its own scripts, styles and fonts from here, and nothing from elsewhere. */
const BOARD_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'";

/**
 * Browsers ask for a name and a password; any name goes, the password is a token with `admin:write`. What is behind the
 * door is made at the first call.
 */
export function boardDoor(resolver: PrincipalResolver, open: () => Promise<RequestHandler>): RequestHandler {
  let board: Promise<RequestHandler> | undefined;
  const admit = async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    if (!(await isAdministrator(resolver, request.headers.authorization))) {
      response.setHeader('WWW-Authenticate', 'Basic realm="Guildhall queues", charset="UTF-8"');
      response
        .status(401)
        .type('text/plain')
        .send('Administrators only: any name, and an admin token as password.\n');
      return;
    }
    response.setHeader('Content-Security-Policy', BOARD_POLICY);
    board ??= open();
    await (
      await board
    )(request, response, next);
  };
  return (request, response, next) => void admit(request, response, next).catch(next);
}

async function isAdministrator(
  resolver: PrincipalResolver,
  authorization: string | undefined,
): Promise<boolean> {
  const encoded = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return false;
  const password = Buffer.from(encoded, 'base64').toString().split(':').slice(1).join(':');
  try {
    const principal = await resolver.resolve(`Bearer ${password}`, undefined);
    return principal.permissions.has('admin:write');
  } catch {
    return false;
  }
}
