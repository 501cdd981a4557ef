import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';

export interface SecretRow {
  readonly id: string;
  readonly campaignId: string;
  readonly objectId: string;
  readonly field: string;
  readonly value: Buffer;
  readonly shownTo: string[];
  readonly version: number;
  readonly updatedAt: Date;
}

const COLUMNS = `id, campaign_id AS "campaignId", object_id AS "objectId", field, value, shown_to AS "shownTo", version, updated_at AS "updatedAt"`;

/** Sealed values, in the scope of whoever asks: row-level security says which there are. */
@Injectable()
export class SecretsRepository {
  listOf(objectIds: readonly string[]): Statement {
    return {
      name: 'tabletop.secrets.list-of',
      text: `SELECT ${COLUMNS} FROM tabletop.secret WHERE object_id = ANY ($1::uuid[]) ORDER BY object_id, field`,
      values: [objectIds],
    };
  }

  async find(tx: Tx, objectId: string, field: string): Promise<SecretRow | null> {
    const [row] = await tx.query<SecretRow>({
      name: 'tabletop.secrets.find',
      text: `SELECT ${COLUMNS} FROM tabletop.secret WHERE object_id = $1 AND field = $2`,
      values: [objectId, field],
    });
    return row ?? null;
  }

  async countOf(tx: Tx, objectId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'tabletop.secrets.count-of',
      text: 'SELECT count(*)::int AS count FROM tabletop.secret WHERE object_id = $1',
      values: [objectId],
    });
    return row!.count;
  }

  /** @param row its id is always the same for an object's field */
  async upsert(
    tx: Tx,
    row: {
      id: string;
      campaignId: string;
      objectId: string;
      field: string;
      value: Buffer;
      shownTo: readonly string[];
    },
  ): Promise<SecretRow> {
    const [made] = await tx.query<SecretRow>({
      name: 'tabletop.secrets.upsert',
      text: `INSERT INTO tabletop.secret AS s (id, campaign_id, object_id, field, value, shown_to) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (object_id, field) DO UPDATE
               SET value = excluded.value, shown_to = excluded.shown_to, version = s.version + 1, updated_at = now()
             RETURNING ${COLUMNS}`,
      values: [row.id, row.campaignId, row.objectId, row.field, row.value, row.shownTo],
    });
    return made!;
  }

  async deleteOne(tx: Tx, objectId: string, field: string): Promise<SecretRow | null> {
    const [row] = await tx.query<SecretRow>({
      name: 'tabletop.secrets.delete-one',
      text: `DELETE FROM tabletop.secret WHERE object_id = $1 AND field = $2 RETURNING ${COLUMNS}`,
      values: [objectId, field],
    });
    return row ?? null;
  }
}
