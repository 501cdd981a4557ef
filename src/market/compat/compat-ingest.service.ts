import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { IdempotentRequest, Outcome } from '../../platform/http/idempotency.service.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import { batchEvent } from '../ingest/batch-event.js';
import { IngestService, type StoredIds } from '../ingest/ingest.service.js';
import { MAX_BATCH } from '../ingest/observation.js';
import { batchTooLarge, invalidBatch } from './compat.errors.js';
import { COMPAT_GAME } from './compat-game.js';
import type { CompatIngestDto } from './compat-ingest.dto.js';
import { CompatItemsRepository } from './compat-items.repository.js';
import { type CompatElement, compatElementSchema, readBatch } from './compat-observation.js';
import { CompatServersService } from './compat-servers.service.js';

/** The original's door of the ingest: many servers per batch, all or nothing. */
@Injectable()
export class CompatIngestService {
  private readonly schema = compatElementSchema(Date.now);

  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly servers: CompatServersService,
    private readonly items: CompatItemsRepository,
    private readonly ingest: IngestService,
    private readonly audit: Audit,
  ) {}

  /**
   * Differs from the original in that a point is never lost: what could not be stored fails the whole request.
   * @throws CompatError for a batch that is not valid or too large
   */
  async store(
    principal: Principal,
    body: unknown,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<CompatIngestDto>> {
    const elements = this.read(body);
    const before = await this.ingest.findAnswer<CompatIngestDto>(principal, request);
    if (before) return before;
    const byServer = indexesByServer(elements);
    const servers = await this.servers.ensure(principal, COMPAT_GAME, [...byServer.keys()]);
    const missingImages = await this.missingImages(principal, elements);
    const groups = mergeSpellings(byServer, servers);
    const batches = [...groups].map(([server, indexes]) => ({
      server,
      observations: indexes.map((index) => elements[index]!.observation),
    }));
    return this.ingest.store(principal, batches, request, async (stored, tx, displacedCounts) => {
      await this.audit.record(tx, principal, batchEvent(batches, stored, displacedCounts));
      const ids = inOrderSent([...groups.values()], stored);
      return { status: 'ok', inserted: ids.length, ids, missing_images: missingImages };
    });
  }

  private read(body: unknown): CompatElement[] {
    if (Array.isArray(body) && body.length > MAX_BATCH) throw batchTooLarge();
    const batch = readBatch(this.schema, body);
    if ('faults' in batch) throw invalidBatch(batch.faults);
    return batch.elements;
  }

  /** The game's ids in the batch whose item has no icon, in the order sent. Asked before: an unseen item has none either way. */
  private async missingImages(principal: Principal, elements: readonly CompatElement[]): Promise<number[]> {
    const sent = new Set(elements.flatMap(({ observation: { externalId } }) => externalId ?? []));
    if (sent.size === 0) return [];
    const game = await this.directory.game(COMPAT_GAME);
    const statement = this.items.withIconStatement(game.id, [...sent]);
    for (const row of await this.uow.read<{ externalId: number }>(principal, statement))
      sent.delete(row.externalId);
    return [...sent];
  }
}

function indexesByServer(elements: readonly CompatElement[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  elements.forEach(({ server }, index) => {
    const group = groups.get(server);
    if (group) group.push(index);
    else groups.set(server, [index]);
  });
  return groups;
}

/** Names may be spellings of one server; its indexes stay in the order sent. */
function mergeSpellings(
  byName: ReadonlyMap<string, number[]>,
  servers: ReadonlyMap<string, ServerRow>,
): Map<ServerRow, number[]> {
  const groups = new Map<ServerRow, number[]>();
  for (const [name, indexes] of byName) {
    const server = servers.get(name)!;
    const before = groups.get(server);
    groups.set(server, before ? [...before, ...indexes].sort((a, b) => a - b) : indexes);
  }
  return groups;
}

/** Ids of the rows that were stored; a repeated price has none. */
function inOrderSent(indexes: readonly number[][], stored: readonly StoredIds[]): number[] {
  const ids: (number | null)[] = [];
  indexes.forEach((group, g) => group.forEach((index, k) => (ids[index] = stored[g]![k] ?? null)));
  return ids.filter((id) => id !== null);
}
