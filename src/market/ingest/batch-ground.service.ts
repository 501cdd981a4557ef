import { Injectable } from '@nestjs/common';
import { type Scope, type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CatalogRepository } from '../catalog/catalog.repository.js';
import { ItemsRepository } from '../catalog/items.repository.js';
import { candidateLabels, type NamedItem, planNewItems } from '../catalog/plan-new-items.js';
import { tooManySources } from '../market.errors.js';
import { IngestRepository } from './ingest.repository.js';
import { cacheKey, ItemCache } from './item-cache.js';
import type { Observation } from './observation.js';
import { type PointSource, sourceKey } from './point.js';

const DAY_MS = 86_400_000;
/** A batch comes from one client, or from a collector that passes on a few. */
const MAX_SOURCES_PER_BATCH = 100;
/** Clients may make up names; what is forgotten is looked up again. */
const MAX_REMEMBERED_SOURCES = 10_000;

/** What prices stand on: the months that hold them, the sources that they name, and the items. Nearly all is remembered. */
@Injectable()
export class BatchGround {
  private readonly items = new ItemCache();
  private readonly sources = new Map<string, number>();
  /** Days since 1970 whose monthly partition is known to exist. */
  private readonly days = new Set<number>();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly ingest: IngestRepository,
    private readonly catalog: CatalogRepository,
    private readonly itemRows: ItemsRepository,
  ) {}

  /** @param epoch of the game's catalogue, read in the transaction that is to store prices */
  keepUp(gameId: number, epoch: number): void {
    this.items.keepUp(gameId, epoch);
  }

  /** Forgets items and months, which other processes may have taken away. */
  forget(): void {
    this.items.clear();
    this.days.clear();
  }

  /**
   * Partitions and sources that the batch needs; they may outlive a batch that fails, and harm nobody.
   * @returns ids of its sources by {@link sourceKey}
   * @throws DomainError too many sources
   */
  async prepare(scope: Scope, observations: readonly Observation[]): Promise<ReadonlyMap<string, number>> {
    const sources = new Map<string, number>();
    const newDays = new Map<number, number>();
    const newSources = new Map<string, { name: string; version: string }>();
    let before: Observation | undefined;
    for (const observation of observations) {
      const day = Math.floor(observation.capturedAtMs / DAY_MS);
      if (!this.days.has(day)) newDays.set(day, observation.capturedAtMs);
      if (isSameSource(observation, before)) continue;
      before = observation;
      const key = sourceKey(observation.source, observation.sourceVersion);
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

  /** Item ids of the observations; items that the catalogue lacks are created in this transaction. */
  async resolveItems(tx: Tx, gameId: number, observations: readonly Observation[]): Promise<number[]> {
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
    if (plan.categorised.length > 0) await this.itemRows.updateCategories(tx, gameId, plan.categorised);
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
}

/** @param sources by {@link sourceKey} @returns the source of each observation */
export function sourcesOf(
  observations: readonly Observation[],
  sources: ReadonlyMap<string, number>,
): PointSource[] {
  let before: Observation | undefined;
  let source: PointSource;
  return observations.map((observation) => {
    if (!isSameSource(observation, before)) {
      const key = sourceKey(observation.source, observation.sourceVersion);
      source = { id: sources.get(key)!, key };
    }
    before = observation;
    return source;
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

/** Several elements may speak of one new item: what one of them leaves out, another may know. */
function mergeUnknown(unknown: Map<string, NamedItem>, key: string, item: NamedItem): void {
  const before = unknown.get(key);
  unknown.set(key, {
    externalId: item.externalId,
    name: before?.name ?? item.name,
    category: before?.category ?? item.category,
  });
}
