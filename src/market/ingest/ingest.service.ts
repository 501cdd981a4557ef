import { Injectable } from '@nestjs/common';
import { sqlState } from '../../platform/database/database.errors.js';
import { type Scope, type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import {
  type IdempotentRequest,
  IdempotencyService,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { CatalogRepository, type ServerRow } from '../catalog/catalog.repository.js';
import { ItemsRepository } from '../catalog/items.repository.js';
import { candidateLabels, type NamedItem, planNewItems } from '../catalog/plan-new-items.js';
import { tooManySources } from '../market.errors.js';
import { RollupRequests } from '../rollups/rollup-requests.service.js';
import { arrangeBatch, itemsOf } from './arrange-batch.js';
import { IngestRepository } from './ingest.repository.js';
import { cacheKey, ItemCache } from './item-cache.js';
import { keepPoints, lateRows, type Neighbour } from './keep-points.js';
import type { Observation } from './observation.js';
import { ServerLanes } from './server-lanes.service.js';

/** Observations of one server, in the order in which they were sent. */
export interface ServerBatch {
  server: ServerRow;
  observations: readonly Observation[];
}

/** Per observation the id of its raw row, or null when it repeats a stored point. */
export type StoredIds = (number | null)[];

const DAY_MS = 86_400_000;
const NONE: ReadonlyMap<number, Neighbour> = new Map();
const FOREIGN_KEY_VIOLATION = '23503';
/** Also what PostgreSQL says of a row without a partition. */
const CHECK_VIOLATION = '23514';
/** A batch comes from one client, or from a collector that passes on a few. */
const MAX_SOURCES_PER_BATCH = 100;
/** Clients may make up names; what is forgotten is looked up again. */
const MAX_REMEMBERED_SOURCES = 10_000;

/** The one way by which observed prices enter, whatever API they came through. */
@Injectable()
export class IngestService {
  private readonly items = new ItemCache();
  private readonly sources = new Map<string, number>();
  /** Days since 1970 whose monthly partition is known to exist. */
  private readonly days = new Set<number>();
  private readonly listeners: ((serverId: number) => void)[] = [];

  constructor(
    private readonly uow: UnitOfWork,
    private readonly idempotency: IdempotencyService,
    private readonly ingest: IngestRepository,
    private readonly catalog: CatalogRepository,
    private readonly itemRows: ItemsRepository,
    private readonly lanes: ServerLanes,
    private readonly rollups: RollupRequests,
  ) {}

  /**
   * Stores batches of one or more servers of a game in one transaction: all or nothing.
   * @param answer makes the response body from what was stored, in the same transaction; it is kept for a repetition of an
   *   idempotent request
   * @param options `asksForRollups`: false when the caller asks for them itself, once its last batch is stored
   */
  async store<T>(
    scope: Scope,
    batches: readonly ServerBatch[],
    request: IdempotentRequest | undefined,
    answer: (stored: StoredIds[], tx: Tx) => T | Promise<T>,
    { asksForRollups = true }: { asksForRollups?: boolean } = {},
  ): Promise<Outcome<T>> {
    const all = batches.flatMap((batch) => batch.observations);
    const sourceIds = await this.prepare(scope, all);
    const ordered = [...batches.keys()].sort((a, b) => batches[a]!.server.id - batches[b]!.server.id);
    const attempt = (): Promise<Outcome<T>> =>
      this.uow.run(scope, (tx) =>
        this.idempotency.once(tx, scope, request, 201, async () => {
          const stored: StoredIds[] = [];
          for (const index of ordered) {
            const { id, gameId } = batches[index]!.server;
            this.items.keepUp(gameId, await this.ingest.lockLane(tx, id));
          }
          // All items before the first price: whoever waits for the catalogue holds nothing that its holder might want.
          const itemIds: number[][] = [];
          for (const index of ordered) itemIds[index] = await this.resolveItems(tx, batches[index]!);
          for (const index of ordered)
            stored[index] = await this.storeServer(tx, batches[index]!, itemIds[index]!, sourceIds);
          const moved = ordered.filter((index) => stored[index]!.some((id) => id !== null));
          if (asksForRollups && moved.length > 0)
            await this.rollups.refresh(tx, [...new Set(moved.map((index) => batches[index]!.server.id))]);
          return answer(stored, tx);
        }),
      );
    const outcome = await this.lanes.run(
      batches.map((batch) => batch.server.id),
      () => this.withFreshMemory(attempt, () => this.prepare(scope, all)),
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
      this.items.clear();
      this.days.clear();
      await prepare();
      return attempt();
    }
  }

  private async storeServer(
    tx: Tx,
    { server, observations }: ServerBatch,
    itemIds: readonly number[],
    sources: ReadonlyMap<string, number>,
  ): Promise<StoredIds> {
    const columns = arrangeBatch(observations, itemIds, sourceIdsOf(observations, sources));
    const newest = await this.ingest.listNewest(tx, server.id, itemsOf(columns));
    const late = lateRows(columns, newest);
    const neighbours =
      late.length > 0 ? await this.ingest.listNeighbours(tx, server.id, columns, late) : NONE;
    const points = keepPoints(columns, newest, neighbours);
    const stored: StoredIds = new Array<number | null>(observations.length).fill(null);
    if (points.origin.length === 0) return stored;
    const ids = await this.ingest.storePoints(tx, server.id, points);
    tx.afterCommit(() => this.tell(server.id));
    points.origin.forEach((element, k) => (stored[element] = ids[k]!));
    return stored;
  }

  /** Item ids of the observations; items that the catalogue lacks are created in this transaction. */
  private async resolveItems(tx: Tx, { server, observations }: ServerBatch): Promise<number[]> {
    const { gameId } = server;
    const unknown = new Map<string, NamedItem>();
    const ids = observations.map((observation) => {
      const id = this.items.find(gameId, observation);
      if (id === undefined) mergeUnknown(unknown, cacheKey(gameId, observation), observation);
      return id;
    });
    if (unknown.size === 0) return ids as number[];
    const found = await this.findOrCreate(tx, gameId, unknown);
    return ids.map((id, index) => id ?? found.get(cacheKey(gameId, observations[index]!))!);
  }

  private async findOrCreate(
    tx: Tx,
    gameId: number,
    unknown: ReadonlyMap<string, NamedItem>,
  ): Promise<Map<string, number>> {
    await this.itemRows.lockCatalog(tx, gameId);
    const named = [...unknown.values()];
    const externalIds = named.flatMap((item) => (item.externalId === null ? [] : [item.externalId]));
    const known = await this.itemRows.listKnown(tx, gameId, externalIds, named.flatMap(candidateLabels));
    const plan = planNewItems(named, known);
    if (plan.changed.length > 0) await this.itemRows.updateItems(tx, plan.changed);
    const created = plan.created.length > 0 ? await this.itemRows.insertItems(tx, gameId, plan.created) : [];
    const found = new Map<string, number>();
    [...unknown].forEach(([key], index) => {
      const resolved = plan.resolved[index]!;
      found.set(key, 'id' in resolved ? resolved.id : created[resolved.created]!);
    });
    const epoch = this.items.epochOf(gameId);
    tx.afterCommit(() => {
      if (this.items.epochOf(gameId) !== epoch) return;
      for (const [key, item] of unknown) this.items.remember(gameId, item, found.get(key)!);
    });
    return found;
  }

  /**
   * Partitions and sources that the batch needs; they may outlive a batch that fails, and harm nobody.
   * @returns ids of its sources by {@link sourceKey}
   * @throws DomainError too many sources
   */
  private async prepare(
    scope: Scope,
    observations: readonly Observation[],
  ): Promise<ReadonlyMap<string, number>> {
    const sources = new Map<string, number>();
    const newDays = new Map<number, number>();
    const newSources = new Map<string, { name: string; version: string }>();
    let before: Observation | undefined;
    for (const observation of observations) {
      const day = Math.floor(observation.capturedAtMs / DAY_MS);
      if (!this.days.has(day)) newDays.set(day, observation.capturedAtMs);
      if (isSameSource(observation, before)) continue;
      before = observation;
      const key = sourceKey(observation);
      const known = this.sources.get(key);
      if (known !== undefined) sources.set(key, known);
      else newSources.set(key, { name: observation.source, version: observation.sourceVersion });
    }
    if (sources.size + newSources.size > MAX_SOURCES_PER_BATCH) throw tooManySources(MAX_SOURCES_PER_BATCH);
    if (newDays.size === 0 && newSources.size === 0) return sources;
    const ids = await this.uow.run(scope, async (tx) => {
      for (const atMs of oneOfEachMonth(newDays.values())) await this.ingest.ensurePartitions(tx, atMs, atMs);
      return this.catalog.ensureSources(tx, [...newSources.values()], false);
    });
    for (const day of newDays.keys()) this.days.add(day);
    if (this.sources.size >= MAX_REMEMBERED_SOURCES) this.sources.clear();
    [...newSources.keys()].forEach((key, index) => {
      this.sources.set(key, ids[index]!);
      sources.set(key, ids[index]!);
    });
    return sources;
  }
}

function sourceIdsOf(observations: readonly Observation[], sources: ReadonlyMap<string, number>): number[] {
  let before: Observation | undefined;
  let id = 0;
  return observations.map((observation) => {
    if (!isSameSource(observation, before)) id = sources.get(sourceKey(observation))!;
    before = observation;
    return id;
  });
}

/** @param instantsMs one instant of each new day */
function oneOfEachMonth(instantsMs: Iterable<number>): Iterable<number> {
  return new Map(
    [...instantsMs].map((ms) => [new Date(ms).toISOString().slice(0, 'YYYY-MM'.length), ms]),
  ).values();
}

/** A batch comes from one client, so its source is looked up once. */
function isSameSource(observation: Observation, before: Observation | undefined): boolean {
  return observation.source === before?.source && observation.sourceVersion === before.sourceVersion;
}

function sourceKey(observation: Observation): string {
  return JSON.stringify([observation.source, observation.sourceVersion]);
}

/** Several elements may speak of one new item: what one of them leaves out, another may know. */
function mergeUnknown(unknown: Map<string, NamedItem>, key: string, item: NamedItem): void {
  const before = unknown.get(key);
  unknown.set(key, {
    externalId: item.externalId,
    name: before?.name ?? item.name,
    category: before?.category ?? item.category,
  });
}
