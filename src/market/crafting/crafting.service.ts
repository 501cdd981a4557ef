import { Injectable } from '@nestjs/common';
import { type Scope, UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import { type ClassicCost, classicCosts } from './classic-costs.js';
import { bookOf } from './crafting.mapper.js';
import type { RecipeBook } from './recipe-book.js';
import { type CostTable, costTable, type PriceMode } from './recipe-costs.js';
import {
  type CraftingVersionRow,
  type PriceChoice,
  type PriceColumns,
  RecipesRepository,
} from './recipes.repository.js';

/** Newest price of one unit, or newest that is not flagged. */
export interface KnownPrice {
  price: number;
  /** Unix time in milliseconds. */
  atMs: number;
}

/** The recipes of a game with the prices of one server, as of one version of both. */
export interface RecipeCosts {
  /** The tag of whatever is made of it. */
  version: string;
  book: RecipeBook;
  prices: ReadonlyMap<number, KnownPrice>;
  priceOf: (itemId: number) => number | undefined;
  /** Costs by one mode; worked out at the first call. */
  table: (mode: PriceMode) => CostTable;
  /** The original's figures; worked out at the first call. */
  classic: () => ReadonlyMap<number, ClassicCost>;
}

/** Servers whose prices are kept, of each choice: all that a game has, as a rule. */
const KEPT_PRICES = 64;

/**
 * What crafting costs on a server. The recipes of a game and the prices of a server are read whole, in one statement each, when their
 * version has moved, and kept until it moves again.
 */
@Injectable()
export class CraftingService {
  private readonly books = new Map<number, { version: number; book: Promise<RecipeBook> }>();
  private readonly costsOf = new Map<string, { version: string; costs: Promise<RecipeCosts> }>();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly recipes: RecipesRepository,
  ) {}

  /** The tag of everything that {@link costs} gives. */
  async version(scope: Scope, server: ServerRow, choice: PriceChoice): Promise<string> {
    return tagOf(await this.versions(scope, server), choice);
  }

  /** Recipes with the prices of a server; never older than the version was when it was asked. */
  async costs(scope: Scope, server: ServerRow, choice: PriceChoice): Promise<RecipeCosts> {
    const row = await this.versions(scope, server);
    const [key, version] = [`${server.id} ${choice}`, tagOf(row, choice)];
    const known = this.costsOf.get(key);
    if (known?.version === version) return known.costs;
    const costs = this.load(scope, server, choice, { version, recipes: row.recipes });
    this.costsOf.delete(key);
    this.costsOf.set(key, { version, costs });
    if (this.costsOf.size > KEPT_PRICES) this.costsOf.delete(this.costsOf.keys().next().value!);
    costs.catch(() => this.costsOf.get(key)?.costs === costs && this.costsOf.delete(key));
    return costs;
  }

  /** The recipes of a game. */
  async book(scope: Scope, gameId: number): Promise<RecipeBook> {
    const [row] = await this.uow.read<CraftingVersionRow>(scope, this.recipes.gameVersionStatement(gameId));
    return this.bookAt(scope, gameId, row!.recipes);
  }

  private async versions(scope: Scope, server: ServerRow): Promise<CraftingVersionRow> {
    const [row] = await this.uow.read<CraftingVersionRow>(scope, this.recipes.versionStatement(server.id));
    return row!;
  }

  private async load(
    scope: Scope,
    server: ServerRow,
    choice: PriceChoice,
    { version, recipes }: { version: string; recipes: number },
  ): Promise<RecipeCosts> {
    const [book, columns] = await Promise.all([
      this.bookAt(scope, server.gameId, recipes),
      // Thousands of rows are no short read: they get a connection of their own.
      this.uow.run(scope, (tx) => this.recipes.getPrices(tx, server.id, choice)),
    ]);
    return costsOf(version, book, columns);
  }

  private bookAt(scope: Scope, gameId: number, version: number): Promise<RecipeBook> {
    const known = this.books.get(gameId);
    if (known && known.version >= version) return known.book;
    const book = this.uow.run(scope, async (tx) => bookOf(await this.recipes.getBook(tx, gameId)));
    this.books.set(gameId, { version, book });
    book.catch(() => this.books.get(gameId)?.book === book && this.books.delete(gameId));
    return book;
  }
}

/** Verdicts on prices concern those that leave flagged ones out. */
function tagOf({ prices, rollups, recipes }: CraftingVersionRow, choice: PriceChoice): string {
  return choice === 'newest' ? `${prices}.${recipes}` : `${prices}.${rollups}.${recipes}`;
}

function costsOf(version: string, book: RecipeBook, columns: PriceColumns): RecipeCosts {
  const prices = new Map<number, KnownPrice>();
  columns.itemIds.forEach((itemId, index) =>
    prices.set(itemId, { price: columns.prices[index]!, atMs: columns.capturedAtMs[index]! }),
  );
  const priceOf = (itemId: number): number | undefined => prices.get(itemId)?.price;
  const tables = new Map<PriceMode, CostTable>();
  let classic: ReadonlyMap<number, ClassicCost> | undefined;
  return {
    version,
    book,
    prices,
    priceOf,
    table: (mode) => {
      const table = tables.get(mode) ?? costTable(book, priceOf, mode);
      tables.set(mode, table);
      return table;
    },
    classic: () => (classic ??= classicCosts(book, priceOf)),
  };
}
