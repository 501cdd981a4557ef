import { Injectable } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { HarvestRepository, type MapRow, type SubareaRow } from './harvest.repository.js';
import type { HarvestWorld } from './harvest-world.js';

// Twelve thousand maps that change with a release only: each process keeps them, and asks before each use whether the seed is still
// the one that they came from, since another process may have applied a newer one.

interface Kept {
  checksum: string | null;
  world: HarvestWorld;
}

@Injectable()
export class HarvestAtlas {
  private readonly kept = new Map<number, Kept>();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly harvest: HarvestRepository,
  ) {}

  /** Empty for a game of which nobody knows what grows where. */
  async world(gameId: number): Promise<HarvestWorld> {
    const statement = this.harvest.checksumStatement(gameId);
    const [row] = await this.uow.read<{ checksum: string | null }>(SYSTEM_PRINCIPAL, statement);
    const checksum = row?.checksum ?? null;
    const kept = this.kept.get(gameId);
    if (kept?.checksum === checksum) return kept.world;
    const world = await this.read(gameId);
    this.kept.set(gameId, { checksum, world });
    return world;
  }

  private read(gameId: number): Promise<HarvestWorld> {
    return this.uow.run(SYSTEM_PRINCIPAL, async (tx) => {
      const subareas = await tx.query<SubareaRow>(this.harvest.subareasStatement(gameId));
      const maps = await tx.query<MapRow>(this.harvest.mapsStatement(gameId));
      return { subareas: new Map(subareas.map((subarea) => [subarea.id, subarea])), maps };
    });
  }
}
