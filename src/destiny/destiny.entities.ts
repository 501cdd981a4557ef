import { BungieLinkEntity } from './link/bungie-link.entity.js';
import { MembershipEntity } from './link/membership.entity.js';

/** Tables of Destiny. */
export const DESTINY_ENTITIES = [BungieLinkEntity, MembershipEntity] as const;
