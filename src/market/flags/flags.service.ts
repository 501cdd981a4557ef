import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { unknownFlag } from '../market.errors.js';
import { ObservationLane, type ObservationPlace } from '../observations/observation-lane.service.js';
import type { Verdict } from './flag-rule.js';
import type { FlagDto, FlagsDto, FlagsQueryDto } from './flags.dto.js';
import { toFlagDto } from './flags.mapper.js';
import { type FlagRow, FlagsRepository } from './flags.repository.js';

/** Suspicious observations, and what curators say of them. */
@Injectable()
export class FlagsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly flags: FlagsRepository,
    private readonly lane: ObservationLane,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError unknown game or server, a cursor of another list */
  async list(principal: Principal, game: string, serverKey: string, query: FlagsQueryDto): Promise<FlagsDto> {
    const server = await this.directory.server(game, serverKey);
    const statement = this.flags.pageStatement(server.id, {
      itemId: query.itemId ?? null,
      reason: query.reason ?? null,
      verdict: query.verdict ?? null,
      limit: query.limit + 1,
      after: query.cursor === undefined ? null : decodeCursor(query.cursor, ['number'] as const)[0],
    });
    const rows = await this.uow.read<FlagRow>(principal, statement);
    return toPage(rows, query.limit, (row) => [row.observationId], toFlagDto);
  }

  /**
   * Says of a flagged price that it was real (`cleared`: medians count it again) or not; null takes either back. It speaks of the
   * price that the observation has now, and ends with it. Safe to repeat.
   * @throws DomainError unknown game, server, observation or flag
   */
  judge(principal: Principal, place: ObservationPlace, verdict: Verdict | null): Promise<FlagDto> {
    return this.lane.run(principal, place, async (tx, key) => {
      const before = await this.flags.findFlag(tx, key);
      // A flag of a former price says nothing of this one; the rollups are about to look at it anew.
      if (before === null || before.price !== key.price) throw unknownFlag();
      await this.flags.updateVerdict(tx, key, verdict, principal.id);
      const after = (await this.flags.findFlag(tx, key))!;
      await this.audit.record(tx, principal, {
        action: 'market.flag-judged',
        object: { type: 'market.observation', id: String(place.id) },
        before: changeOf(before),
        after: changeOf(after),
      });
      return toFlagDto(after);
    });
  }
}

function changeOf({ price, reason, expectedPrice, verdict }: FlagRow): object {
  return { unitPrice: price, reason, expectedPrice, verdict };
}
