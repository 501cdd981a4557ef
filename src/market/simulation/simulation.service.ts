import { Injectable } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { CatalogRepository } from '../catalog/catalog.repository.js';
import { IngestRepository } from '../ingest/ingest.repository.js';
import { RollupRequests } from '../rollups/rollup-requests.service.js';
import { PriceWorld } from './price-world.js';
import { SimulationRepository } from './simulation.repository.js';

export interface SimulationOptions {
  seed: number;
  days: number;
  /** Most used items first. */
  items: number;
  servers: number;
  pointsPerDay: number;
  endAt: Date;
}

export interface SimulationProgress {
  done: number;
  total: number;
}

/** The demo world: 13 servers with 150 items for 30 days, about 115,000 points, made in seconds. */
export const DEMO_WORLD = { seed: 1, days: 30, items: 150, servers: 13, pointsPerDay: 2 } as const;

/** Clients see this as the source of a price, beside `isSimulated`. */
const SOURCE = { name: 'simulator', version: '1' };
const CHUNK_ROWS = 10_000;

@Injectable()
export class SimulationService {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly catalog: CatalogRepository,
    private readonly ingest: IngestRepository,
    private readonly simulation: SimulationRepository,
    private readonly rollups: RollupRequests,
  ) {}

  /**
   * Fills a game without prices with a demo world, once: a fill that was killed goes on with the seed and end of its begin,
   * so that the world becomes the one that it would have been.
   */
  async fillDemo(
    gameKey: string,
    options: SimulationOptions,
    onProgress: (progress: SimulationProgress) => void,
  ): Promise<void> {
    const game = await this.directory.game(gameKey);
    const begun = await this.system.run(SYSTEM_PRINCIPAL, async (tx) => {
      await this.simulation.insertDemoFill(tx, game.id, options);
      return this.simulation.findUnfinishedDemoFill(tx, game.id);
    });
    if (!begun) return;
    await this.fill(gameKey, { ...options, ...begun }, onProgress);
    await this.system.run(SYSTEM_PRINCIPAL, (tx) => this.simulation.updateDemoFillFinished(tx, game.id));
  }

  /**
   * Fills the market of a game with a simulated history, chunk by chunk, each in a transaction of its own. Safe to repeat:
   * the same options and `endAt` make the same points, which are then found to be there.
   * @returns the number of points
   */
  async fill(
    gameKey: string,
    options: SimulationOptions,
    onProgress: (progress: SimulationProgress) => void,
  ): Promise<number> {
    const game = await this.directory.game(gameKey);
    const { world, sourceId } = await this.system.run(SYSTEM_PRINCIPAL, async (tx) => {
      const { servers, items } = await this.simulation.listWorld(tx, game.id, options.items, options.servers);
      const [id] = await this.catalog.ensureSources(tx, [SOURCE], true);
      const firstMs = options.endAt.getTime() - options.days * 86_400_000;
      await this.ingest.ensurePartitions(tx, firstMs, options.endAt.getTime());
      return {
        world: new PriceWorld({ ...options, items, servers: servers.map((server) => server.id) }),
        sourceId: id!,
      };
    });
    const total = world.totalPoints();
    let done = 0;
    for (const chunk of world.chunks(CHUNK_ROWS)) {
      await this.system.run(SYSTEM_PRINCIPAL, async (tx) => {
        await this.ingest.lockLane(tx, chunk.serverId);
        await this.simulation.insertChunk(tx, chunk, sourceId);
        await this.simulation.moveLatest(tx, chunk, sourceId);
        await this.rollups.markRows(tx, chunk.serverId, chunk);
      });
      done += chunk.count;
      onProgress({ done, total });
    }
    return total;
  }
}
