import { Injectable } from '@nestjs/common';
import type { Scope } from '../../platform/database/unit-of-work.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { foldName } from '../catalog/fold-name.js';
import { likePattern } from '../catalog/items.repository.js';
import type { RecipeFilter } from './recipe-ranking.js';
import type { RecipeFilterQueryDto } from './recipes.dto.js';
import type { ItemNames } from './recipes.mapper.js';
import { type RecipeItemRow, RecipesRepository } from './recipes.repository.js';

/** Names around recipes: what is shown of items, and what is looked for. */
@Injectable()
export class RecipeNames {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly recipes: RecipesRepository,
  ) {}

  async of(scope: Scope, itemIds: readonly number[]): Promise<ItemNames> {
    const rows = await this.uow.read<RecipeItemRow>(scope, this.recipes.itemsStatement(itemIds));
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Which recipes a query means. */
  async filter(scope: Scope, gameId: number, query: RecipeFilterQueryDto): Promise<RecipeFilter> {
    return {
      minLevel: query.minLevel ?? null,
      maxLevel: query.maxLevel ?? null,
      jobId: query.job ?? null,
      minRoiPct: query.minRoi ?? null,
      resultItemIds: await this.matches(scope, gameId, foldName(query.search ?? '')),
    };
  }

  /** Results whose name holds the folded text; null when any will do. */
  private async matches(scope: Scope, gameId: number, text: string): Promise<ReadonlySet<number> | null> {
    if (text === '') return null;
    const statement = this.recipes.matchesStatement(gameId, likePattern(text));
    // Thousands of names may hold it: no short read.
    const rows = await this.uow.run(scope, (tx) => tx.query<{ id: number }>(statement));
    return new Set(rows.map(({ id }) => id));
  }
}
