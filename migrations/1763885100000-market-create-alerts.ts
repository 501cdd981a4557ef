import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";

export class MarketCreateAlerts1763885100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      CREATE TABLE market.alert (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        server_id smallint NOT NULL,
        name text NOT NULL,
        rule jsonb NOT NULL,
        rearm_pct double precision NOT NULL,
        silence_h double precision,
        is_enabled boolean NOT NULL DEFAULT true,
        evaluated_version bigint,
        evaluated_at timestamptz,
        matched_count integer,
        fired_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_alert PRIMARY KEY (id),
        CONSTRAINT uq_alert_user UNIQUE (user_id, id),
        CONSTRAINT fk_alert_server FOREIGN KEY (server_id) REFERENCES market.server (id),
        CONSTRAINT ck_alert_rearm_pct CHECK (rearm_pct >= 0 AND rearm_pct <= 1000),
        CONSTRAINT ck_alert_silence_h CHECK (silence_h >= 0 AND silence_h <= 8760)
      );
      CREATE INDEX ix_alert_server ON market.alert (server_id) WHERE is_enabled;

      -- No key to the item: what is gone matches nothing, and its row goes with the next evaluation.
      CREATE TABLE market.alert_state (
        user_id uuid NOT NULL,
        alert_id uuid NOT NULL,
        item_id integer NOT NULL,
        is_matching boolean NOT NULL,
        fired_at timestamptz NOT NULL,
        CONSTRAINT pk_alert_state PRIMARY KEY (user_id, alert_id, item_id),
        CONSTRAINT fk_alert_state_alert FOREIGN KEY (user_id, alert_id)
          REFERENCES market.alert (user_id, id) ON DELETE CASCADE
      );
    `);
    for (const table of ['alert', 'alert_state'])
      await runner.query(`
        COMMENT ON TABLE market.${table} IS 'owner=user; erase=alerts';
        ALTER TABLE market.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY own_rows ON market.${table} TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
        CREATE POLICY platform_work ON market.${table} TO ${system} USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON market.${table} TO ${system};
      `);
    await runner.query(`
      GRANT SELECT, INSERT, UPDATE, DELETE ON market.alert TO ${app};
      GRANT SELECT, DELETE ON market.alert_state TO ${app};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE market.alert_state, market.alert');
  }
}
