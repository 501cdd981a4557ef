import { BungieLinkEntity } from './link/bungie-link.entity.js';
import { MembershipEntity } from './link/membership.entity.js';
import { CatalystDefinitionEntity } from './manifest/catalyst-definition.entity.js';
import { ManifestDefinitionEntity } from './manifest/manifest-definition.entity.js';
import { ManifestVersionEntity } from './manifest/manifest-version.entity.js';

/** Tables of Destiny. */
export const DESTINY_ENTITIES = [
  BungieLinkEntity,
  MembershipEntity,
  ManifestVersionEntity,
  ManifestDefinitionEntity,
  CatalystDefinitionEntity,
] as const;
