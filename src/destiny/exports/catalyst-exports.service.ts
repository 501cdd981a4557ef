import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CatalystReads } from '../catalysts/catalyst-reads.service.js';
import type { OwnCatalysts } from '../catalysts/own-catalysts.js';
import { CatalystStatusesRepository, type ProgressRow } from '../catalysts/catalyst-statuses.repository.js';
import { toAgeDto, toCatalystDto } from '../catalysts/catalysts.mapper.js';
import { catalystsCsv, type ExportedMove, movesHeader, movesRows } from './catalyst-tables.js';
import type { CatalystsExportDto, ExportFormat } from './catalyst-exports.dto.js';

/** Moves that are held in memory at once. */
const PORTION = 2_000;

/** All that is known of a player's catalysts as files: how they stand, and every move of them. */
@Injectable()
export class CatalystExports {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly reads: CatalystReads,
    private readonly statuses: CatalystStatusesRepository,
  ) {}

  async statusesJson(caller: Principal): Promise<CatalystsExportDto> {
    const own = await this.reads.read(caller);
    return { ...toAgeDto(own), items: own.entries.map(toCatalystDto) };
  }

  async statusesCsv(caller: Principal): Promise<string> {
    return catalystsCsv((await this.statusesJson(caller)).items);
  }

  /**
   * Every move of the active membership, oldest first, as text in portions: of each portion a transaction, so that a slow reader holds
   * none. Moves are only added at the end, so that nothing is missing or comes twice.
   */
  async *moves(caller: Principal, format: ExportFormat): AsyncGenerator<string> {
    const own = await this.reads.read(caller);
    const isCsv = format === 'csv';
    yield isCsv ? movesHeader() : '{"items":[';
    let count = 0;
    for await (const rows of this.portions(caller, own)) {
      const moves = rows.map(namer(own));
      if (isCsv) yield movesRows(moves);
      else yield (count === 0 ? '' : ',') + moves.map((move) => JSON.stringify(move)).join(',');
      count += rows.length;
    }
    if (!isCsv) yield ']}';
  }

  private async *portions(caller: Principal, { membershipId }: OwnCatalysts): AsyncGenerator<ProgressRow[]> {
    if (membershipId === null) return;
    let last: ProgressRow | null = null;
    for (;;) {
      const after: ProgressRow | null = last;
      const rows: ProgressRow[] = await this.uow.run(caller, (tx) =>
        this.statuses.listProgressAfter(tx, membershipId, after, PORTION),
      );
      if (rows.length > 0) yield rows;
      if (rows.length < PORTION) return;
      last = rows.at(-1)!;
    }
  }
}

/** Gives moves the names that people know. */
function namer({ entries }: OwnCatalysts): (row: ProgressRow) => ExportedMove {
  const byRecord = new Map(entries.map((entry) => [entry.facts.recordHash, entry]));
  return (row) => {
    const entry = byRecord.get(row.recordHash);
    const objective = entry?.status.objectives.find(
      ({ objectiveHash }) => objectiveHash === row.objectiveHash,
    );
    return {
      at: row.mintedAt.toISOString(),
      recordHash: row.recordHash,
      weaponName: entry?.facts.weaponName ?? null,
      objectiveHash: row.objectiveHash,
      objective: objective?.text ?? null,
      progress: row.progress,
      target: row.target,
      isComplete: row.isComplete,
      minutesPlayed: row.minutesPlayed,
    };
  };
}
