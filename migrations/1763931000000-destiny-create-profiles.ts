import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";
const TABLES = ['profile', 'catalyst_status', 'catalyst_progress', 'tracked_catalyst'] as const;

export class DestinyCreateProfiles1763931000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- What was last read of a membership. The two minted times are Bungie's: an older answer never replaces a newer one.
      CREATE TABLE destiny.profile (
        membership_id uuid NOT NULL,
        user_id uuid NOT NULL,
        minted_at timestamptz,
        records_minted_at timestamptz,
        records_state text NOT NULL DEFAULT 'absent',
        inventory_state text NOT NULL DEFAULT 'absent',
        last_played_at timestamptz,
        minutes_played integer NOT NULL DEFAULT 0,
        characters jsonb NOT NULL DEFAULT '[]',
        catalysts_version integer NOT NULL DEFAULT 0,
        weapons_version integer NOT NULL DEFAULT 0,
        requested_at timestamptz,
        due_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_profile PRIMARY KEY (membership_id),
        CONSTRAINT fk_profile_membership FOREIGN KEY (membership_id) REFERENCES destiny.membership (id) ON DELETE CASCADE,
        CONSTRAINT ck_profile_records_state CHECK (records_state IN ('present', 'private', 'absent')),
        CONSTRAINT ck_profile_inventory_state CHECK (inventory_state IN ('present', 'private', 'absent'))
      ) WITH (fillfactor = 50);
      CREATE INDEX ix_profile_user ON destiny.profile (user_id);
      CREATE INDEX ix_profile_due_at ON destiny.profile (due_at);

      -- One row per catalyst of a membership: how it stands.
      CREATE TABLE destiny.catalyst_status (
        membership_id uuid NOT NULL,
        record_hash bigint NOT NULL,
        user_id uuid NOT NULL,
        state text NOT NULL,
        pct real NOT NULL,
        objectives jsonb NOT NULL,
        found_at timestamptz,
        completed_at timestamptz,
        progressed_at timestamptz,
        progressed_minutes integer,
        CONSTRAINT pk_catalyst_status PRIMARY KEY (membership_id, record_hash),
        CONSTRAINT fk_catalyst_status_membership FOREIGN KEY (membership_id)
          REFERENCES destiny.membership (id) ON DELETE CASCADE,
        CONSTRAINT ck_catalyst_status_state
          CHECK (state IN ('complete', 'in_progress', 'not_found', 'unavailable', 'hidden', 'unknown')),
        CONSTRAINT ck_catalyst_status_pct CHECK (pct >= 0 AND pct <= 100)
      ) WITH (fillfactor = 70);
      CREATE INDEX ix_catalyst_status_user ON destiny.catalyst_status (user_id);

      -- Written on change only, so two years of play are some thousand rows.
      CREATE TABLE destiny.catalyst_progress (
        membership_id uuid NOT NULL,
        record_hash bigint NOT NULL,
        objective_hash bigint NOT NULL,
        minted_at timestamptz NOT NULL,
        user_id uuid NOT NULL,
        progress integer NOT NULL,
        target integer NOT NULL,
        is_complete boolean NOT NULL,
        minutes_played integer NOT NULL,
        CONSTRAINT pk_catalyst_progress PRIMARY KEY (membership_id, record_hash, objective_hash, minted_at),
        CONSTRAINT fk_catalyst_progress_membership FOREIGN KEY (membership_id)
          REFERENCES destiny.membership (id) ON DELETE CASCADE
      );
      CREATE INDEX ix_catalyst_progress_user ON destiny.catalyst_progress (user_id);
      CREATE INDEX ix_catalyst_progress_minted_at ON destiny.catalyst_progress (membership_id, minted_at);

      -- What its owner keeps an eye on, whichever membership is played.
      CREATE TABLE destiny.tracked_catalyst (
        user_id uuid NOT NULL,
        record_hash bigint NOT NULL,
        tracked_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_tracked_catalyst PRIMARY KEY (user_id, record_hash)
      );
    `);
    for (const table of TABLES)
      await runner.query(`
        COMMENT ON TABLE destiny.${table} IS 'owner=user; erase=destiny-profiles';
        ALTER TABLE destiny.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY own_rows ON destiny.${table} TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
        CREATE POLICY platform_work ON destiny.${table} TO ${system} USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON destiny.${table} TO ${app}, ${system};
      `);
    // Runs are the platform's and name a membership by its id alone: what is said of a player goes with the membership.
    await runner.query(`
      CREATE FUNCTION destiny.forget_runs() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
      BEGIN
        DELETE FROM platform.sync_run WHERE source_id = 'bungie:' || OLD.id;
        DELETE FROM platform.sync_watermark WHERE source_id = 'bungie:' || OLD.id;
        RETURN NULL;
      END $body$;
      REVOKE ALL ON FUNCTION destiny.forget_runs() FROM PUBLIC;
      CREATE TRIGGER forget_runs AFTER DELETE ON destiny.membership FOR EACH ROW EXECUTE FUNCTION destiny.forget_runs();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER forget_runs ON destiny.membership; DROP FUNCTION destiny.forget_runs()');
    await runner.query(
      'DROP TABLE destiny.tracked_catalyst, destiny.catalyst_progress, destiny.catalyst_status, destiny.profile',
    );
  }
}
