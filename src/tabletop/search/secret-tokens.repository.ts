import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';

/** A secret whose words have not been digested since it was changed. */
export interface UndigestedSecretRow {
  readonly id: string;
  readonly version: number;
  readonly value: Buffer;
}

/** Keyed digests of secrets' words, for the platform's role. */
@Injectable()
export class SecretTokensRepository {
  async findKey(tx: Tx, campaignId: string): Promise<Buffer | null> {
    const [row] = await tx.query<{ key: Buffer }>({
      name: 'tabletop.secret-tokens.find-key',
      text: 'SELECT sealed_key AS key FROM tabletop.secret_key WHERE campaign_id = $1',
      values: [campaignId],
    });
    return row?.key ?? null;
  }

  /** The first one stays. */
  async insertKey(tx: Tx, campaignId: string, key: Buffer): Promise<void> {
    await tx.query({
      name: 'tabletop.secret-tokens.insert-key',
      text: 'INSERT INTO tabletop.secret_key (campaign_id, sealed_key) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      values: [campaignId, key],
    });
  }

  /** Whether there are secrets at all, and such as have not been digested. @param shownTo see `holdsAny` */
  look(campaignId: string, shownTo: string | null): Statement {
    return {
      name: 'tabletop.secret-tokens.look',
      text: `SELECT EXISTS (SELECT 1 FROM tabletop.secret s WHERE s.campaign_id = $1 AND ($2::uuid IS NULL OR $2 = ANY (s.shown_to))) AS "isAny",
               EXISTS (SELECT 1 FROM tabletop.secret s LEFT JOIN tabletop.secret_token t ON t.secret_id = s.id
                       WHERE s.campaign_id = $1 AND t.secret_version IS DISTINCT FROM s.version) AS "isWaiting"`,
      values: [campaignId, shownTo],
    };
  }

  listUndigested(campaignId: string, limit: number): Statement {
    return {
      name: 'tabletop.secret-tokens.list-undigested',
      text: `SELECT s.id, s.version, s.value FROM tabletop.secret s LEFT JOIN tabletop.secret_token t ON t.secret_id = s.id
             WHERE s.campaign_id = $1 AND t.secret_version IS DISTINCT FROM s.version ORDER BY s.id LIMIT $2`,
      values: [campaignId, limit],
    };
  }

  async upsert(
    tx: Tx,
    campaignId: string,
    { id, version }: UndigestedSecretRow,
    tokens: readonly Buffer[],
  ): Promise<void> {
    await tx.query({
      name: 'tabletop.secret-tokens.upsert',
      text: `INSERT INTO tabletop.secret_token (secret_id, campaign_id, secret_version, tokens) VALUES ($1, $2, $3, $4)
             ON CONFLICT (secret_id) DO UPDATE SET secret_version = excluded.secret_version, tokens = excluded.tokens`,
      values: [id, campaignId, version, tokens],
    });
  }

  /** @param tokens any of them @param shownTo among the secrets that this member knows; null = among all */
  async holdsAny(
    tx: Tx,
    campaignId: string,
    tokens: readonly Buffer[],
    shownTo: string | null,
  ): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.secret-tokens.holds-any',
      text: `SELECT 1 FROM tabletop.secret_token t JOIN tabletop.secret s ON s.id = t.secret_id
             WHERE t.campaign_id = $1 AND t.tokens && $2::bytea[] AND ($3::uuid IS NULL OR $3 = ANY (s.shown_to)) LIMIT 1`,
      values: [campaignId, tokens, shownTo],
    });
    return rows.length > 0;
  }

  /**
   * Whether some word is one of a secret's that says something and that the table does not read anyway.
   * @param words as somebody wrote them @param tokens theirs @param shownTo see `holdsAny` @param config PostgreSQL's name of the language
   */
  async holdsUntold(
    tx: Tx,
    campaignId: string,
    words: readonly string[],
    tokens: readonly Buffer[],
    shownTo: string | null,
    config: string,
  ): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.secret-tokens.holds-untold',
      text: `SELECT 1 FROM unnest($2::text[], $3::bytea[]) AS asked (word, token)
             WHERE to_tsvector($5::regconfig, word) <> ''::tsvector
               AND EXISTS (SELECT FROM tabletop.secret_token t JOIN tabletop.secret s ON s.id = t.secret_id
                 WHERE t.campaign_id = $1 AND t.tokens @> ARRAY[token] AND ($4::uuid IS NULL OR $4 = ANY (s.shown_to)))
               AND NOT EXISTS (SELECT FROM tabletop.object o
                 WHERE o.campaign_id = $1 AND o.visibility IN ('party', 'public') AND o.deleted_at IS NULL
                   AND o.search @@ (plainto_tsquery('simple', word) || plainto_tsquery($5::regconfig, word)))
             LIMIT 1`,
      values: [campaignId, words, tokens, shownTo, config],
    });
    return rows.length > 0;
  }

  /** @param tokens all of them */
  listHolding(campaignId: string, tokens: readonly Buffer[]): Statement {
    return {
      name: 'tabletop.secret-tokens.list-holding',
      text: `SELECT s.object_id AS "objectId", s.field FROM tabletop.secret_token t
             JOIN tabletop.secret s ON s.id = t.secret_id AND s.version = t.secret_version
             JOIN tabletop.object o ON o.id = s.object_id AND o.deleted_at IS NULL
             WHERE t.campaign_id = $1 AND t.tokens @> $2::bytea[] ORDER BY s.object_id, s.field LIMIT 200`,
      values: [campaignId, tokens],
    };
  }
}
