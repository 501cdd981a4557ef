import { Injectable } from '@nestjs/common';
import { sqlState } from '../../platform/database/database.errors.js';
import { type Scope, type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import {
  type IdempotentRequest,
  IdempotencyService,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import { RollupRequests } from '../rollups/rollup-requests.service.js';
import { arrangeBatch } from './arrange-batch.js';
import { BatchGround, sourcesOf } from './batch-ground.service.js';
import { IngestRepository } from './ingest.repository.js';
import type { Observation } from './observation.js';
import { PriceHistory } from './price-history.service.js';
import { ServerLanes } from './server-lanes.service.js';

/** Observations of one server, in the order in which they were sent. */
export interface ServerBatch {
  server: ServerRow;
  observations: readonly Observation[];
}

/** Per observation the id of its raw row, or null when the history has it already or withholds it. */
export type StoredIds = (number | null)[];

const FOREIGN_KEY_VIOLATION = '23503';
/** Also what PostgreSQL says of a row without a partition. */
const CHECK_VIOLATION = '23514';

/** The one way by which observed prices enter, whatever API they came through. */
@Injectable()
export class IngestService {
  private readonly listeners: ((serverId: number) => void)[] = [];

  constructor(
    private readonly uow: UnitOfWork,
    private readonly idempotency: IdempotencyService,
    private readonly ingest: IngestRepository,
    private readonly ground: BatchGround,
    private readonly history: PriceHistory,
    private readonly lanes: ServerLanes,
    private readonly rollups: RollupRequests,
  ) {}

  /**
   * Stores batches of one or more servers of a game in one transaction: all or nothing.
   * @param answer makes the response body from what was stored, in the same transaction; it is kept for a repetition of an
   *   idempotent request. `displacedCounts` are per batch the stored prices in whose place a lower one of their source and instant stands
   * @param options `asksForRollups`: false when the caller asks for them itself, once its last batch is stored; `first`: what is
   *   to be done in the same transaction before the first price, in the lanes of all servers
   */
  async store<T>(
    scope: Scope,
    batches: readonly ServerBatch[],
    request: IdempotentRequest | undefined,
    answer: (stored: StoredIds[], tx: Tx, displacedCounts: readonly number[]) => T | Promise<T>,
    { asksForRollups = true, first }: { asksForRollups?: boolean; first?: (tx: Tx) => Promise<void> } = {},
  ): Promise<Outcome<T>> {
    const all = batches.flatMap((batch) => batch.observations);
    const sourceIds = await this.ground.prepare(scope, all);
    const ordered = [...batches.keys()].sort((a, b) => batches[a]!.server.id - batches[b]!.server.id);
    const attempt = (): Promise<Outcome<T>> =>
      this.uow.run(scope, (tx) =>
        this.idempotency.once(tx, scope, request, 201, async () => {
          const [stored, displacedCounts] = [[] as StoredIds[], [] as number[]];
          for (const index of ordered) {
            const { id, gameId } = batches[index]!.server;
            this.ground.keepUp(gameId, await this.ingest.lockLane(tx, id));
          }
          // All items before the first price: whoever waits for the catalogue holds nothing that its holder might want.
          const itemIds: number[][] = [];
          for (const index of ordered) {
            const { server, observations } = batches[index]!;
            itemIds[index] = await this.ground.resolveItems(tx, server.gameId, observations);
          }
          await first?.(tx);
          const changed = new Set<number>();
          for (const index of ordered) {
            const { server, observations } = batches[index]!;
            const points = arrangeBatch(observations, itemIds[index]!, sourcesOf(observations, sourceIds));
            const { ids, isChanged, displacedCount } = await this.history.add(tx, server.id, points);
            displacedCounts[index] = displacedCount;
            stored[index] = observations.map((_, element) => ids.get(element) ?? null);
            if (isChanged) changed.add(server.id);
          }
          for (const serverId of changed) tx.afterCommit(() => this.tell(serverId));
          if (asksForRollups && changed.size > 0) await this.rollups.refresh(tx, [...changed]);
          return answer(stored, tx, displacedCounts);
        }),
      );
    const outcome = await this.lanes.run(
      batches.map((batch) => batch.server.id),
      () => this.withFreshMemory(attempt, () => this.ground.prepare(scope, all)),
    );
    return outcome;
  }

  /** Told after each commit of this process in which prices of a server were stored. Must not throw. */
  tellStored(listener: (serverId: number) => void): void {
    this.listeners.push(listener);
  }

  private tell(serverId: number): void {
    for (const listener of this.listeners) listener(serverId);
  }

  /**
   * The answer that a repeated request got, to be asked for before anything else is written: servers, partitions and sources
   * are made in transactions of their own, and a refused repetition must not leave any.
   * @throws DomainError when the key was used with another body
   */
  async findAnswer<T>(scope: Scope, request: IdempotentRequest | undefined): Promise<Outcome<T> | undefined> {
    if (!request) return undefined;
    return this.uow.run(scope, (tx) => this.idempotency.findAnswer<T>(tx, scope, request));
  }

  /**
   * Another process may have deleted a remembered item or taken away a remembered month: the foreign key says so, or the row
   * finds no partition. The batch is then tried once more.
   */
  private async withFreshMemory<T>(attempt: () => Promise<T>, prepare: () => Promise<unknown>): Promise<T> {
    try {
      return await attempt();
    } catch (error) {
      const state = sqlState(error);
      if (state !== FOREIGN_KEY_VIOLATION && state !== CHECK_VIOLATION) throw error;
      this.ground.forget();
      await prepare();
      return attempt();
    }
  }
}
