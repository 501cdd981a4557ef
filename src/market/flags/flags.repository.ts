import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { RowKey } from '../observations/observations.repository.js';
import type { FlagReason, Verdict } from './flag-rule.js';

export interface FlagRow {
  observationId: number;
  itemId: number;
  externalId: number | null;
  label: string;
  capturedAt: Date;
  price: number;
  source: string;
  isSimulated: boolean;
  reason: FlagReason;
  expectedPrice: number;
  ratio: number;
  flaggedAt: Date;
  verdict: Verdict | null;
  judgedBy: string | null;
  judgedAt: Date | null;
}

export interface FlagsQuestion {
  itemId: number | null;
  reason: FlagReason | null;
  /** `open`: no curator has looked. */
  verdict: Verdict | 'open' | null;
  limit: number;
  /** Observation of the last row of the page before. */
  after: number | null;
}

const SELECT = `
  SELECT f.observation_id AS "observationId", f.item_id AS "itemId", i.external_id AS "externalId", i.label,
    f.captured_at AS "capturedAt", f.price,
    s.name AS source, s.is_simulated AS "isSimulated", f.reason, f.expected_price AS "expectedPrice", f.ratio,
    f.flagged_at AS "flaggedAt", f.verdict, f.judged_by AS "judgedBy", f.judged_at AS "judgedAt"
  FROM market.observation_flag f
  JOIN market.item i ON i.id = f.item_id
  JOIN market.source s ON s.id = f.source_id`;
const KEY = 'f.server_id = $1 AND f.item_id = $2 AND f.captured_at = $3::timestamptz AND f.source_id = $4';
const keyValues = ({ serverId, itemId, capturedAt, sourceId }: RowKey): unknown[] => [
  serverId,
  itemId,
  capturedAt,
  sourceId,
];

@Injectable()
export class FlagsRepository {
  /** Stored last first. */
  pageStatement(serverId: number, { itemId, reason, verdict, limit, after }: FlagsQuestion): Statement {
    return {
      name: 'market.flags.list-page',
      text: `${SELECT} WHERE f.server_id = $1 AND ($2::int4 IS NULL OR f.item_id = $2) AND ($3::text IS NULL OR f.reason = $3)
               AND ($4::text IS NULL OR coalesce(f.verdict, 'open') = $4)
               AND ($5::bigint IS NULL OR f.observation_id < $5)
             ORDER BY f.observation_id DESC LIMIT $6`,
      values: [serverId, itemId, reason, verdict, after, limit],
    };
  }

  async findFlag(tx: Tx, key: RowKey): Promise<FlagRow | null> {
    const [row] = await tx.query<FlagRow>({
      name: 'market.flags.find-flag',
      text: `${SELECT} WHERE ${KEY}`,
      values: keyValues(key),
    });
    return row ?? null;
  }

  /** @param by account of the curator */
  async updateVerdict(tx: Tx, key: RowKey, verdict: Verdict | null, by: string): Promise<void> {
    await tx.query({
      name: 'market.flags.update-verdict',
      text: `UPDATE market.observation_flag f
             SET verdict = $5::text, judged_by = CASE WHEN $5::text IS NOT NULL THEN $6::uuid END,
                 judged_at = CASE WHEN $5::text IS NOT NULL THEN clock_timestamp() END
             WHERE ${KEY}`,
      values: [...keyValues(key), verdict, by],
    });
  }
}
