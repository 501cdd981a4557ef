import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { KnownTable } from './table-references.js';

export interface TableNode extends KnownTable {
  readonly details: object;
}

export interface DeckRow {
  readonly objectId: string;
  readonly rowsDigest: string;
  readonly drawn: number[];
}

/** Tables as far as they ask each other, and the cards that are out. */
@Injectable()
export class TablesRepository {
  /** Of the campaign, as far as the caller sees them, whose ids or names (in any case) are among the words. */
  async listNamed(tx: Tx, campaignId: string, words: readonly string[]): Promise<KnownTable[]> {
    return tx.query({
      name: 'tabletop.tables.list-named',
      text: `SELECT id, name FROM tabletop.object
             WHERE campaign_id = $1 AND kind = 'table' AND deleted_at IS NULL AND (id::text = ANY ($2::text[]) OR lower(name) = ANY ($2::text[]))`,
      values: [campaignId, words.map((word) => word.toLowerCase())],
      isPlannedAnew: true,
    });
  }

  /** Names of those that the caller sees. */
  listShown(ids: readonly string[]): Statement {
    return {
      name: 'tabletop.tables.list-shown',
      text: `SELECT id, name FROM tabletop.object WHERE id = ANY ($1::uuid[]) AND kind = 'table' AND deleted_at IS NULL`,
      values: [ids],
    };
  }

  /** Which asks which, as far as the caller sees them. */
  async listNesting(tx: Tx, campaignId: string): Promise<{ id: string; nested: string[] | null }[]> {
    return tx.query({
      name: 'tabletop.tables.list-nesting',
      text: `SELECT id, details -> 'nested' AS nested FROM tabletop.object
             WHERE campaign_id = $1 AND kind = 'table' AND deleted_at IS NULL AND jsonb_typeof(details -> 'nested') = 'array' AND details -> 'nested' <> '[]'`,
      values: [campaignId],
    });
  }

  /** @param tx of the system role: a table that players roll may ask one that they do not see */
  async listNodes(tx: Tx, campaignId: string, ids: readonly string[]): Promise<TableNode[]> {
    return tx.query({
      name: 'tabletop.tables.list-nodes',
      text: `SELECT id, name, details FROM tabletop.object
             WHERE campaign_id = $1 AND id = ANY ($2::uuid[]) AND kind = 'table' AND deleted_at IS NULL`,
      values: [campaignId, ids],
    });
  }

  /** Until the end of the transaction nobody else draws from them. @param ids in one order everywhere @param tx of the system role */
  async lockDecks(tx: Tx, campaignId: string, ids: readonly string[]): Promise<DeckRow[]> {
    await tx.query({
      name: 'tabletop.tables.insert-decks',
      text: `INSERT INTO tabletop.table_deck (object_id, campaign_id, rows_digest) SELECT id, $1, '' FROM unnest($2::uuid[]) AS id
             ORDER BY id ON CONFLICT DO NOTHING`,
      values: [campaignId, ids],
    });
    return tx.query({
      name: 'tabletop.tables.lock-decks',
      text: `SELECT object_id AS "objectId", rows_digest AS "rowsDigest", drawn FROM tabletop.table_deck
             WHERE campaign_id = $1 AND object_id = ANY ($2::uuid[]) ORDER BY object_id FOR UPDATE`,
      values: [campaignId, ids],
    });
  }

  /** @param tx of the system role */
  async updateDeck(tx: Tx, { objectId, rowsDigest, drawn }: DeckRow): Promise<void> {
    await tx.query({
      name: 'tabletop.tables.update-deck',
      text: 'UPDATE tabletop.table_deck SET rows_digest = $2, drawn = $3, updated_at = now() WHERE object_id = $1',
      values: [objectId, rowsDigest, drawn],
    });
  }

  /** @param tx of the system role */
  async deleteDeck(tx: Tx, objectId: string): Promise<void> {
    await tx.query({
      name: 'tabletop.tables.delete-deck',
      text: 'DELETE FROM tabletop.table_deck WHERE object_id = $1',
      values: [objectId],
    });
  }
}
