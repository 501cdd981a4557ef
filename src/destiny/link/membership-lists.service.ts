import { Injectable } from '@nestjs/common';
import type { Cache } from '../../platform/cache/cache.js';
import { Caches } from '../../platform/cache/caches.service.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { type LinkRow, type MembershipRow, MembershipsRepository } from './memberships.repository.js';

/** Accounts whose memberships this process keeps, a kilobyte each. */
const MOST_LISTS = 5_000;
const LIST_TTL_MS = 600_000;

/** As it is kept: instants in milliseconds. */
type KeptMembership = Omit<MembershipRow, 'lastPlayedAt' | 'seenAt'> & {
  readonly lastPlayedAtMs: number | null;
  readonly seenAtMs: number;
};

/**
 * An account's memberships, kept by the version of its link: whatever changes them writes the link in the same transaction, so a list is
 * right under its version in every process, and nothing has to be forgotten.
 */
@Injectable()
export class MembershipLists {
  private readonly lists: Cache<readonly KeptMembership[]>;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: MembershipsRepository,
    caches: Caches,
  ) {
    this.lists = caches.open({
      name: 'destiny.memberships',
      ttlMs: LIST_TTL_MS,
      mostEntries: MOST_LISTS,
      version: 1,
    });
  }

  /** @param link read before; undefined where nothing has been asked of Bungie @returns the active one first */
  async of(userId: string, link: LinkRow | undefined): Promise<MembershipRow[]> {
    if (link === undefined) return this.read(userId);
    const key = `${userId}/${link.version}`;
    const kept = await this.lists.get(key, async () => (await this.read(userId)).map(toKept));
    return kept.map(fromKept);
  }

  private read(userId: string): Promise<MembershipRow[]> {
    return this.uow.read<MembershipRow>({ id: userId }, this.rows.listOwn(userId));
  }
}

function toKept({ lastPlayedAt, seenAt, ...rest }: MembershipRow): KeptMembership {
  return { ...rest, lastPlayedAtMs: lastPlayedAt?.getTime() ?? null, seenAtMs: seenAt.getTime() };
}

function fromKept({ lastPlayedAtMs, seenAtMs, ...rest }: KeptMembership): MembershipRow {
  return {
    ...rest,
    lastPlayedAt: lastPlayedAtMs === null ? null : new Date(lastPlayedAtMs),
    seenAt: new Date(seenAtMs),
  };
}
