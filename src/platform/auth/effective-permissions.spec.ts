import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { narrowed, permissionsOf } from './effective-permissions.js';
import { type Permission, PERMISSIONS, type Role, ROLE_PERMISSIONS } from './principal.js';

const some = fc.uniqueArray(fc.constantFrom(...PERMISSIONS));
const isWithin = (inner: ReadonlySet<Permission>, outer: ReadonlySet<Permission>): boolean =>
  [...inner].every((permission) => outer.has(permission));
/** With fewer rights on the platform, or the same. */
const notMore = (role: Role): Role[] => (role === 'administrator' ? ['administrator', 'member'] : ['member']);

describe('the permissions of an account', () => {
  it('never widen when a role is removed, on the platform or in a domain, nor do those of its keys', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Role>('member', 'administrator'),
        some,
        some,
        some,
        (role, granted, gone, scopes) => {
          const before = permissionsOf({ role, granted });
          for (const lower of notMore(role)) {
            const after = permissionsOf({
              role: lower,
              granted: granted.filter((permission) => !gone.includes(permission)),
            });
            expect(isWithin(after, before)).toBe(true);
            expect(isWithin(narrowed(after, scopes), narrowed(before, scopes))).toBe(true);
          }
        },
      ),
    );
  });

  it('are those of the role and what domains add, nothing else', () => {
    fc.assert(
      fc.property(some, (granted) => {
        expect(permissionsOf({ role: 'member', granted })).toEqual(
          new Set([...ROLE_PERMISSIONS.member, ...granted]),
        );
        expect(permissionsOf({ role: 'administrator', granted })).toBe(ROLE_PERMISSIONS.administrator);
      }),
    );
  });

  it('bound those of a key, as its scopes do', () => {
    fc.assert(
      fc.property(some, some, (held, scopes) => {
        const ofKey = narrowed(new Set(held), scopes);
        expect(isWithin(ofKey, new Set(held)) && isWithin(ofKey, new Set(scopes))).toBe(true);
        expect(isWithin(new Set(held.filter((permission) => scopes.includes(permission))), ofKey)).toBe(true);
      }),
    );
  });
});
