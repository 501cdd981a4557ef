import { type Permission, type Role, ROLE_PERMISSIONS } from './principal.js';

/** What an account may do. */
export interface Grants {
  readonly role: Role;
  /** By its roles in domains. */
  readonly granted: readonly Permission[];
}

/** Of the role and of what domains add. Without additions it is the role's own set, which many principals share. */
export function permissionsOf({ role, granted }: Grants): ReadonlySet<Permission> {
  const own = ROLE_PERMISSIONS[role];
  return granted.every((permission) => own.has(permission)) ? own : new Set([...own, ...granted]);
}

/** Of a key: its scopes as far as its account may do them itself. */
export function narrowed(
  permissions: ReadonlySet<Permission>,
  scopes: readonly Permission[],
): ReadonlySet<Permission> {
  return new Set(scopes.filter((scope) => permissions.has(scope)));
}
