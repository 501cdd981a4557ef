import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Corrections and deletions that were made before `market.decided_observation` are known from their audit events. They are decided from
 * now on, as far as the history still is what the curator has made of it (docs/decisions/ingest-order.md).
 */
export class MarketRestoreDecisions1763905000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ system }] = (await runner.query("SELECT quote_ident(current_user || '_system') AS system")) as [
      { system: string },
    ];
    await runner.query(`
      -- It may read the details of everybody's events.
      SET LOCAL ROLE ${system};
      DO $body$
      DECLARE
        lane integer;
        decision record;
        stands record;
      BEGIN
        -- Another process may be storing prices: the lanes of the servers, as the ingest takes them.
        FOR lane IN
          SELECT DISTINCT (d.before ->> 'serverId')::integer FROM platform.audit_event e
          JOIN platform.audit_detail d ON d.event_id = e.id
          WHERE e.action IN ('market.observation-changed', 'market.observation-deleted') AND d.before ->> 'capturedAt' IS NOT NULL
          ORDER BY 1
        LOOP
          PERFORM pg_advisory_xact_lock(7101, lane);
        END LOOP;
        -- The last word about each instant and source. People have made them, so they are few: one after the other, by keys alone.
        FOR decision IN
          SELECT DISTINCT ON (server_id, item_id, captured_at, source_id) *
          FROM (SELECT e.id, e.action = 'market.observation-deleted' AS is_deletion, (d.after ->> 'unitPrice')::float8 AS price,
                  (d.after ->> 'lots')::integer AS lots, (d.before ->> 'serverId')::smallint AS server_id,
                  (d.before ->> 'itemId')::integer AS item_id, (d.before ->> 'capturedAt')::timestamptz AS captured_at,
                  (d.before ->> 'sourceId')::integer AS source_id
                FROM platform.audit_event e JOIN platform.audit_detail d ON d.event_id = e.id
                WHERE e.action IN ('market.observation-changed', 'market.observation-deleted') AND d.before ->> 'capturedAt' IS NOT NULL) x
          ORDER BY server_id, item_id, captured_at, source_id, id DESC
        LOOP
          CONTINUE WHEN NOT EXISTS (SELECT FROM market.item i WHERE i.id = decision.item_id)
            OR NOT EXISTS (SELECT FROM market.server s WHERE s.id = decision.server_id);
          SELECT o.price, o.lots INTO stands FROM market.observation o
            WHERE o.server_id = decision.server_id AND o.item_id = decision.item_id AND o.captured_at = decision.captured_at
              AND o.source_id = decision.source_id;
          CONTINUE WHEN CASE WHEN decision.is_deletion THEN FOUND
            ELSE NOT FOUND OR stands.price <> decision.price OR stands.lots <> decision.lots END;
          -- A deleted moment was priced again by hand.
          CONTINUE WHEN EXISTS (SELECT FROM market.withheld_observation w JOIN market.source c ON c.id = w.source_id
            WHERE w.server_id = decision.server_id AND w.item_id = decision.item_id AND w.captured_at = decision.captured_at
              AND w.source_id = decision.source_id AND c.name = 'manual_web_edit' AND decision.is_deletion);
          DELETE FROM market.withheld_observation w
            WHERE w.server_id = decision.server_id AND w.item_id = decision.item_id AND w.captured_at = decision.captured_at
              AND w.source_id = decision.source_id;
          INSERT INTO market.decided_observation (server_id, item_id, captured_at, source_id)
            VALUES (decision.server_id, decision.item_id, decision.captured_at, decision.source_id) ON CONFLICT DO NOTHING;
          UPDATE market.latest l SET withheld_until = decision.captured_at
            WHERE l.server_id = decision.server_id AND l.item_id = decision.item_id
              AND decision.captured_at > greatest(l.captured_at, l.withheld_until);
        END LOOP;
      END $body$;
      RESET ROLE;
    `);
  }

  async down(): Promise<void> {
    // What curators have decided stays decided.
  }
}
