import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { encodeCursor } from '../../platform/http/keyset.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { StockService } from '../stock/stock.service.js';
import { TradeTermsService } from '../terms/trade-terms.service.js';
import { bankCraft, bankCraftCost, type PricedBankCraft, rankOfBankCraft } from './bank-crafts.js';
import type { BankCraftsDto, BankCraftsQueryDto } from './bank-crafts.dto.js';
import { CraftingService } from './crafting.service.js';
import { placeOf } from './native-recipes.service.js';
import { RecipeNames } from './recipe-names.service.js';
import { inRankOrder, isWanted, isWorthIt, profitOf } from './recipe-ranking.js';
import { toBankCraftDto } from './recipes.mapper.js';

/** What can be made of a bank, as the native API shows it. */
@Injectable()
export class NativeBankCrafts {
  constructor(
    private readonly directory: CatalogDirectory,
    private readonly crafting: CraftingService,
    private readonly stock: StockService,
    private readonly names: RecipeNames,
    private readonly terms: TradeTermsService,
  ) {}

  /** @throws DomainError unknown game, server or profile, bad cursor */
  async list(
    caller: Principal,
    game: string,
    profileId: string,
    query: BankCraftsQueryDto,
  ): Promise<BankCraftsDto> {
    const after = query.cursor === undefined ? undefined : placeOf(query.cursor);
    const server = await this.directory.server(game, query.server);
    const stock = await this.stock.quantities(caller, { game, server: query.server, profileId });
    const costs = await this.crafting.costs(caller, server, 'unflagged');
    const terms = await this.terms.of(server.id);
    const priceOf = (itemId: number): number | undefined => costs.priceOf(itemId) || undefined; // 0 is no price
    const filter = await this.names.filter(caller, server.gameId, query);
    const crafts = costs.book.recipes
      .filter((recipe) => recipe.ingredients.length > 0 && isWanted(recipe, filter))
      .map((recipe) => bankCraft(recipe, stock, priceOf))
      .filter(({ missingCount }) => missingCount <= query.maxMissing)
      .map((craft): PricedBankCraft => ({
        ...craft,
        profit: profitOf(bankCraftCost(craft), priceOf(craft.recipe.resultItemId), terms),
      }))
      .filter((ranked) => isWorthIt(ranked, filter));
    const rank = (craft: PricedBankCraft): number => rankOfBankCraft(craft, query.sort);
    const rows = inRankOrder(crafts, rank, query.limit + 1, after);
    const shown = rows.slice(0, query.limit);
    const last = shown.at(-1);
    const names = await this.names.of(
      caller,
      shown.map(({ recipe }) => recipe.resultItemId),
    );
    return {
      server: server.key,
      items: shown.map((craft) => toBankCraftDto(craft, costs.book, names)),
      nextCursor:
        last && rows.length > shown.length ? encodeCursor([String(rank(last)), last.recipe.id]) : null,
    };
  }
}
