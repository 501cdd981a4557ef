import { Injectable } from '@nestjs/common';
import type { Scope, Tx } from '../../platform/database/unit-of-work.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { unknownWishList } from '../destiny.errors.js';
import { readEnhancedTraits } from '../weapons/enhanced-traits.reader.js';
import type { GodRollsQueryDto, WishRollsDto, WishRollsQueryDto } from './wish-lists.dto.js';
import { toWishRollDto } from './wish-lists.mapper.js';
import { WishListsRepository } from './wish-lists.repository.js';
import { type RolledWeapon, SCORED_COLUMNS, traitForms } from './wish-list-match.js';
import { type MatchedRollRow, WishRollsRepository } from './wish-rolls.repository.js';

/** Matching rolls of each kind that are told; the others are counted. */
export const MOST_MATCHES_TOLD = 20;

/** What all lists of an account say of a weapon, by the rules of wish-list-match.ts. */
export interface WishVerdict {
  /** 0 to 1: columns that the nearest good roll names, of four; 1 where a good roll matches. */
  readonly score: number;
  /** 0 to 4. */
  readonly matchedColumns: number;
  readonly hitCount: number;
  readonly trashCount: number;
  /** Good rolls that match, those with the most perks first; the first twenty. */
  readonly hits: readonly MatchedRollRow[];
  /** The same of rolls to throw away. */
  readonly trash: readonly MatchedRollRow[];
}

/** What an account's wish lists say. */
@Injectable()
export class WishLists {
  private readonly formsOf = traitForms(readEnhancedTraits());

  constructor(
    private readonly uow: UnitOfWork,
    private readonly lists: WishListsRepository,
    private readonly rolls: WishRollsRepository,
  ) {}

  /**
   * Two statements; to be compared are the rolls of the item, of its categories and of any item.
   * @param tx in the scope of the account @param weapon of a view by `rolledWeaponOf`
   */
  async matches(tx: Tx, weapon: RolledWeapon): Promise<WishVerdict> {
    const itemHashes = [weapon.itemHash, ...weapon.categoryHashes];
    const { columns } = weapon;
    const wanted = {
      itemHashes,
      selected: this.allForms(columns.flatMap(({ selected }) => selected ?? [])),
      selectable: this.allForms(columns.flatMap(({ selectable }) => selectable)),
    };
    const rows = await this.rolls.listMatches(tx, wanted, MOST_MATCHES_TOLD);
    const scored = columns
      .filter(({ isScored }) => isScored)
      .map(({ selectable }) => this.allForms(selectable));
    const named = await this.rolls.findMostColumns(tx, itemHashes, {
      columns: scored.flatMap((hashes, index) => hashes.map(() => index)),
      hashes: scored.flat(),
    });
    const hits = rows.filter(({ isTrash }) => !isTrash);
    const trash = rows.filter(({ isTrash }) => isTrash);
    const matchedColumns = Math.min(named, SCORED_COLUMNS);
    return {
      score: hits.length > 0 ? 1 : matchedColumns / SCORED_COLUMNS,
      matchedColumns,
      hitCount: hits[0]?.count ?? 0,
      trashCount: trash[0]?.count ?? 0,
      hits,
      trash,
    };
  }

  /** Rolls of one list in its order. */
  async listRolls(scope: Scope, id: string, query: WishRollsQueryDto): Promise<WishRollsDto> {
    const after = query.cursor === undefined ? -1 : decodeCursor(query.cursor, ['number'] as const)[0];
    const rows = await this.uow.run(scope, async (tx) => {
      if (!isUuid(id) || (await this.lists.findList(tx, id)) === null) throw unknownWishList();
      return this.rolls.listPage(tx, id, query.item ?? null, after, query.limit + 1);
    });
    return toPage(rows, query.limit, ({ position }) => [position], toWishRollDto);
  }

  /** Good rolls of an item in all lists. */
  async listGodRolls(scope: Scope, query: GodRollsQueryDto): Promise<WishRollsDto> {
    const [listId, position] =
      query.cursor === undefined ? [] : decodeCursor(query.cursor, ['string', 'number'] as const);
    if (listId !== undefined && !isUuid(listId)) return { items: [], nextCursor: null };
    const after = listId === undefined ? null : { listId, position: position ?? 0 };
    const rows = await this.uow.run(scope, (tx) =>
      this.rolls.listGood(tx, query.item, after, query.limit + 1),
    );
    return toPage(rows, query.limit, (row) => [row.listId, row.position], toWishRollDto);
  }

  private allForms(hashes: readonly number[]): number[] {
    return [...new Set(hashes.flatMap((hash) => this.formsOf(hash)))];
  }
}
