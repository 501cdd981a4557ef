import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';

/** An object of which there is no vector, or one of another text or model. */
export interface UnembeddedRow {
  readonly id: string;
  readonly campaignId: string;
  readonly version: number;
  readonly name: string;
  readonly aliases: string[];
  readonly summary: string;
  readonly body: string;
}

export interface ObjectVector {
  readonly objectId: string;
  readonly campaignId: string;
  readonly version: number;
  readonly embedding: readonly number[];
}

/** What models make of texts, for the platform's role. */
@Injectable()
export class ObjectVectorsRepository {
  /** The schema in which pgvector is; no row where it is not, or not for this role. */
  findExtension(): Statement {
    return {
      name: 'tabletop.object-vectors.find-extension',
      text: `SELECT quote_ident(n.nspname) AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'vector' AND has_schema_privilege(n.oid, 'USAGE')`,
      values: [],
    };
  }

  /** The newest first. @param policy of their campaigns @param skipped ids that are left out */
  listUnembedded(
    model: string,
    policy: 'local' | 'any',
    skipped: readonly string[],
    limit: number,
  ): Statement {
    return {
      name: 'tabletop.object-vectors.list-unembedded',
      text: `SELECT o.id, o.campaign_id AS "campaignId", o.version, o.name, o.aliases, o.summary, o.body
             FROM tabletop.object o JOIN tabletop.campaign c ON c.id = o.campaign_id AND c.deleted_at IS NULL AND c.ai_policy = $2
             LEFT JOIN tabletop.object_vector v ON v.object_id = o.id
             WHERE o.deleted_at IS NULL AND (v.object_version IS DISTINCT FROM o.version OR v.model <> $1)
               AND o.id <> ALL ($3::uuid[])
             ORDER BY o.change_seq DESC LIMIT $4`,
      values: [model, policy, skipped, limit],
    };
  }

  /** An object that is gone meanwhile is left out. */
  async upsert(tx: Tx, model: string, vectors: readonly ObjectVector[]): Promise<void> {
    await tx.query({
      name: 'tabletop.object-vectors.upsert',
      text: `INSERT INTO tabletop.object_vector (object_id, campaign_id, model, object_version, embedding)
             SELECT o.id, o.campaign_id, $1, (row->>'version')::int, ARRAY(SELECT n::real FROM jsonb_array_elements_text(row->'embedding') n)
             FROM jsonb_array_elements($2::jsonb) AS row JOIN tabletop.object o ON o.id = (row->>'objectId')::uuid
             ON CONFLICT (object_id) DO UPDATE SET model = excluded.model, object_version = excluded.object_version, embedding = excluded.embedding`,
      values: [model, JSON.stringify(vectors)],
    });
  }
}
