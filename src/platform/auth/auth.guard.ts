import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { assertMay } from './assert-may.js';
import { AuthError } from './auth.errors.js';
import type { Permission, Principal } from './principal.js';
import { PrincipalResolver } from './principal-resolver.js';
import {
  type CompatMountName,
  COMPAT_METADATA,
  PERMISSION_METADATA,
  PUBLIC_METADATA,
} from './route.decorators.js';

interface Policy {
  isPublic: boolean;
  permission: Permission | undefined;
  mount: CompatMountName | undefined;
}

/** What the guard needs of a request, and what it leaves there. */
export interface AuthenticatedRequest {
  headers: { authorization?: string };
  principal?: Principal;
}

/** Denies by default: a route that declares nothing is refused (and boot fails before that, see route-completeness.ts). */
@Injectable()
export class AuthGuard implements CanActivate {
  private readonly policies = new WeakMap<object, Policy>();

  constructor(private readonly resolver: PrincipalResolver) {}

  /** Answers at once for tokens that were verified before: a promise per request would cost more than the check. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const policy = this.policyOf(context);
    if (policy.isPublic) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const principal = this.resolver.resolve(request.headers.authorization, policy.mount);
    if (principal instanceof Promise) return principal.then((resolved) => admit(request, policy, resolved));
    return admit(request, policy, principal);
  }

  private policyOf(context: ExecutionContext): Policy {
    const handler = context.getHandler();
    let policy = this.policies.get(handler);
    if (!policy) {
      policy = readPolicy(handler, context.getClass());
      this.policies.set(handler, policy);
    }
    return policy;
  }
}

function admit(request: AuthenticatedRequest, policy: Policy, principal: Principal): true {
  request.principal = principal;
  if (policy.permission === undefined) throw new AuthError('forbidden');
  assertMay(principal, policy.permission);
  return true;
}

/** Reads what the decorators of a handler and of its controller declare. */
export function readPolicy(handler: object, controller: object): Policy {
  return {
    isPublic: [handler, controller].some((target) => Reflect.getMetadata(PUBLIC_METADATA, target) === true),
    permission: Reflect.getMetadata(PERMISSION_METADATA, handler) as Permission | undefined,
    mount: Reflect.getMetadata(COMPAT_METADATA, controller) as CompatMountName | undefined,
  };
}
