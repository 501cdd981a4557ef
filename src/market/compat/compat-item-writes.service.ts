import { Injectable, type OnModuleInit } from '@nestjs/common';
import { assertMay } from '../../platform/auth/assert-may.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { DomainError } from '../../platform/http/domain-error.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { ItemCuration } from '../catalog/item-curation.service.js';
import { ItemNaming } from '../catalog/item-naming.service.js';
import { ItemRemoval } from '../catalog/item-removal.service.js';
import { invalidItemId, invalidKnownItem, missingItemId } from './compat.errors.js';
import { itemChangeSchema, knownItemSchema, readBody } from './compat-body.reader.js';
import type { CompatItemChangedDto, CompatSuccessDto, CompatUsageStatsDto } from './compat-catalog.dto.js';
import { toUsageStatsDto } from './compat-catalog.mapper.js';
import { CompatCatalogRepository, type UsageRow } from './compat-catalog.repository.js';
import { COMPAT_GAME } from './compat-game.js';
import { type RawQuery, textOf } from './compat-query.js';
import { type CompatCall, type CompatRequest, CompatResources, replyOf } from './compat-resources.service.js';

const MAX_INT4 = 2_147_483_647;

/**
 * The original's writes to items: renaming and deleting (by curators), and naming by hand. As there, what is not found is no
 * failure. Unlike there, a name that another item has is a conflict (there: a failure of the database).
 */
@Injectable()
export class CompatItemWrites implements OnModuleInit {
  constructor(
    private readonly resources: CompatResources,
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly rows: CompatCatalogRepository,
    private readonly curation: ItemCuration,
    private readonly removal: ItemRemoval,
    private readonly naming: ItemNaming,
  ) {}

  onModuleInit(): void {
    this.resources.register('data', 'items', {
      PUT: async (request) => replyOf(await this.change(request)),
      DELETE: async (request) => replyOf(await this.remove(request)),
    });
    this.resources.register('data', 'items&mode=usage_stats', {
      GET: async (call) => replyOf(await this.usage(call)),
    });
    this.resources.register('data', 'known_items', {
      POST: async (request) => replyOf(await this.name(request)),
    });
  }

  private async usage({ principal, query }: CompatCall): Promise<CompatUsageStatsDto> {
    const game = await this.directory.game(COMPAT_GAME);
    const statement = this.rows.usageStatement(game.id, itemIdOf(query));
    // Counting raw prices of years is no short read.
    const [row] = await this.uow.run(principal, (tx) => tx.query<UsageRow>(statement));
    return toUsageStatsDto(row!);
  }

  /** The server is echoed only: names are those of the game. */
  private async change({ principal, body }: CompatRequest): Promise<CompatItemChangedDto> {
    assertMay(principal, 'market:curate');
    const change = readBody(itemChangeSchema, body);
    const place = { game: COMPAT_GAME, item: { label: change.old_item_name } };
    const facts = {
      // A label such as `#123` is no name; a client that only sets the category sends it back.
      ...(change.new_item_name === change.old_item_name ? {} : { name: change.new_item_name }),
      ...(change.category === undefined ? {} : { category: change.category.trim() || null }),
    };
    await this.curation.change(principal, place, facts, { isPlain: true }).catch(passOverMissing);
    return { status: 'ok', ...change };
  }

  private async remove({ principal, query }: CompatRequest): Promise<CompatSuccessDto> {
    assertMay(principal, 'market:curate');
    const itemId = itemIdOf(query);
    const game = await this.directory.game(COMPAT_GAME);
    await this.removal.remove(principal, game.id, itemId).catch(passOverMissing);
    return { success: true };
  }

  private async name({ principal, body }: CompatRequest): Promise<CompatSuccessDto> {
    const named = knownItemSchema.safeParse(body);
    if (!named.success) throw invalidKnownItem();
    const { gid, name, category = null } = named.data;
    await this.naming.name(principal, COMPAT_GAME, { externalId: gid, name, category });
    return { success: true };
  }
}

/** As JavaScript's parseInt reads it; no item has an id beyond an integer. */
function itemIdOf(query: RawQuery): number {
  const text = textOf(query, 'id');
  if (text === '') throw missingItemId();
  const id = Number.parseInt(text, 10);
  if (Number.isNaN(id)) throw invalidItemId();
  return id > MAX_INT4 || id < 0 ? 0 : id;
}

function passOverMissing(error: unknown): void {
  if (!(error instanceof DomainError) || error.kind !== 'notFound') throw error;
}
