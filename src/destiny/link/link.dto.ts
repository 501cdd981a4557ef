import { IsUUID } from 'class-validator';

export class DestinyMembershipDto {
  id: string;
  /** Bungie's number of the platform. */
  membershipType: number;
  /** The platform; `other` for one that is newer than this program. */
  platform: 'xbox' | 'playstation' | 'steam' | 'blizzard' | 'stadia' | 'epic' | 'other';
  /** Bungie's id, of 64 bits and therefore text. */
  membershipId: string;
  displayName: string | null;
  /** Of the platform. */
  iconUrl: string | null;
  /** What is shown of Destiny is this one's. */
  isActive: boolean;
  /** Another platform of the same cross-save has taken it over; it cannot be the active one. */
  isOverridden: boolean;
  isCrossSavePrimary: boolean;
  /** Bungie named it when it was asked last; one that it does not cannot be the active one. */
  isPresent: boolean;
  /** Where it had to be asked for to choose one. */
  lastPlayedAt: string | null;
  /** When Bungie named it last. */
  seenAt: string;
}

export class DestinyMembershipsDto {
  /** The active one first. */
  items: DestinyMembershipDto[];
}

export class DestinyLinkDto {
  /**
   * `not-connected`: connect with `POST /api/v1/connections/bungie/authorize`; `needs-sign-in`: the same again, Bungie.net has taken its
   * permission back; `no-destiny-account`: connected, and Bungie.net knows no Destiny account of it.
   */
  state: 'not-connected' | 'connected' | 'needs-sign-in' | 'no-destiny-account';
  /** This installation has a client at Bungie.net. */
  canConnect: boolean;
  /** Id at Bungie.net. */
  bungieId: string | null;
  /** When memberships were read. */
  readAt: string | null;
  /** The active one first. */
  memberships: DestinyMembershipDto[];
}

export class ActiveMembershipDto {
  /** Of one of the memberships. */
  @IsUUID()
  id: string;
}
