import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { CatalogDirectory } from '../catalysts/catalog-directory.service.js';
import { invalidShare, tooManyShares, unknownShare } from '../destiny.errors.js';
import { MOST_SHARES } from './share-kinds.js';
import type { NewShareDto, ShareDto, SharesDto } from './shares.dto.js';
import { toShareDto } from './shares.mapper.js';
import { type ShareRow, SharesRepository } from './shares.repository.js';

const SLUG_BYTES = 16;

/** An account's links: made, listed and revoked by nobody else. What they show is never stored with them. */
@Injectable()
export class SharesService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly shares: SharesRepository,
    private readonly catalog: CatalogDirectory,
    private readonly idempotency: IdempotencyService,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError a catalyst is missing, surplus or unknown; as many links as one may have */
  create(
    caller: Principal,
    wish: NewShareDto,
    request: IdempotentRequest | undefined,
    now = new Date(),
  ): Promise<Outcome<ShareDto>> {
    const recordHash = this.recordOf(wish);
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () => {
        if ((await this.shares.lockRoom(tx, caller.id, now)) >= MOST_SHARES) throw tooManyShares(MOST_SHARES);
        const row: ShareRow = {
          id: uuidv7(),
          userId: caller.id,
          slug: randomBytes(SLUG_BYTES).toString('base64url'),
          shows: wish.shows,
          recordHash,
          displayName: wish.displayName ?? null,
          createdAt: now,
          expiresAt: new Date(now.getTime() + wish.validForS * 1_000),
        };
        await this.shares.insertShare(tx, row);
        await this.audit.record(tx, caller, {
          action: 'destiny.share-created',
          object: { type: 'destiny.share', id: row.id },
          after: shown(row),
        });
        return toShareDto(row, now);
      }),
    );
  }

  /** Newest first, with those that have ended, until another one is made. */
  async list(caller: Principal, now = new Date()): Promise<SharesDto> {
    const rows = await this.uow.read<ShareRow>(caller, this.shares.listShares(caller.id));
    return { items: rows.map((row) => toShareDto(row, now)) };
  }

  /** @throws DomainError unknown link */
  async revoke(caller: Principal, id: string): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const before = isUuid(id) ? await this.shares.deleteShare(tx, caller.id, id) : null;
      if (before === null) throw unknownShare();
      await this.audit.record(tx, caller, {
        action: 'destiny.share-revoked',
        object: { type: 'destiny.share', id },
        before: shown(before),
      });
    });
  }

  private recordOf({ shows, recordHash }: NewShareDto): number | null {
    if (shows !== 'catalyst') {
      if (recordHash !== undefined) throw invalidShare('belongs to a link that shows a single catalyst');
      return null;
    }
    if (recordHash === undefined) throw invalidShare('is missing: which catalyst is shown');
    if (this.catalog.current().ofRecord(recordHash) === undefined)
      throw invalidShare('is no catalyst that there is');
    return recordHash;
  }
}

/** The slug stands for a permission and is no part of the log. */
function shown({ shows, recordHash, displayName, expiresAt }: ShareRow): object {
  return { shows, recordHash, isNamed: displayName !== null, expiresAt: expiresAt.toISOString() };
}
