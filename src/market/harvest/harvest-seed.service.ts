import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { packageRoot } from '../../platform/config/package-root.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { seedChecksum } from '../catalog/seed-file.reader.js';
import { type HarvestSeed, readHarvestSeed } from './harvest-seed.reader.js';
import { HarvestSeedRepository } from './harvest-seed.repository.js';

/** Brings what grows where into the database, after the catalogue. Does nothing while the file is the one applied last. */
@Injectable()
export class HarvestSeedService {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly seeds: HarvestSeedRepository,
  ) {}

  /** @returns whether anything was written */
  async applyDofus(): Promise<boolean> {
    const path = join(packageRoot(), 'seeds', 'market', 'dofus-harvest.json.gz');
    const checksum = seedChecksum(path);
    return this.system.run(SYSTEM_PRINCIPAL, async (tx) => {
      const game = await this.seeds.findGame(tx, 'dofus');
      if (!game || game.checksum === checksum) return false;
      const seed = readHarvestSeed(path);
      if ((await this.seeds.lockGame(tx, game.id)).checksum === seed.checksum) return false;
      await this.apply(tx, game.id, seed);
      return true;
    });
  }

  private async apply(tx: Tx, gameId: number, seed: HarvestSeed): Promise<void> {
    const jobIds = await this.seeds.mapJobIds(tx, gameId);
    const resources = seed.resources.map((resource) => {
      const ownJobId = jobIds.get(resource.jobId);
      if (ownJobId === undefined) throw new Error(`The catalogue has no job ${resource.jobId}`);
      return { ...resource, ownJobId };
    });
    await this.seeds.deleteAll(tx, gameId);
    await this.seeds.insertResources(tx, gameId, resources);
    await this.seeds.insertSubareas(tx, gameId, seed.subareas);
    await this.seeds.insertMaps(tx, gameId, seed.maps);
    await this.seeds.updateChecksum(tx, gameId, seed.checksum);
  }
}
