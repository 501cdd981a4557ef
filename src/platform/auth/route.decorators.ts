import { SetMetadata } from '@nestjs/common';
import type { Permission } from './principal.js';

export const PERMISSION_METADATA = 'guildhall:permission';
export const PUBLIC_METADATA = 'guildhall:public';
export const COMPAT_METADATA = 'guildhall:compat';

/** What the caller must hold. Boot fails for a route that declares neither this nor {@link Public}. */
export const RequirePermission = (permission: Permission): MethodDecorator =>
  SetMetadata(PERMISSION_METADATA, permission);

/** Open to strangers. The list of such routes is committed in test/security/public-routes.ts. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC_METADATA, true);

/** Name of a compat mount (`/compat/<name>`); its configuration says whether callers without a token are let in. */
export type CompatMountName = 'dofus' | 'cupid' | 'destiny' | 'wisp';
export const CompatMount = (name: CompatMountName): ClassDecorator => SetMetadata(COMPAT_METADATA, name);
