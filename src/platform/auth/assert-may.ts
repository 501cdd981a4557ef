import { AuthError } from './auth.errors.js';
import type { Permission, Principal } from './principal.js';

/**
 * For routes that serve several things, each with a permission of its own. Whoever came without a token is asked for one.
 * @throws AuthError
 */
export function assertMay(principal: Principal, permission: Permission): void {
  if (principal.permissions.has(permission)) return;
  throw new AuthError(principal.kind === 'anonymous' ? 'missingToken' : 'forbidden');
}
