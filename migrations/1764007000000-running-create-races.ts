import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";
const TABLES = ['race', 'race_ghost', 'race_participant', 'race_result'];

export class RunningCreateRaces1764007000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      CREATE TABLE running.race (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        mode text NOT NULL,
        name text,
        clock text NOT NULL DEFAULT 'elapsed',
        status text NOT NULL DEFAULT 'planned',
        planned_at timestamptz,
        warmed_at timestamptz,
        invite_digest bytea,
        invite_expires_at timestamptz,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_race PRIMARY KEY (id),
        CONSTRAINT uq_race_owner UNIQUE (user_id, id),
        CONSTRAINT uq_race_invite UNIQUE (invite_digest),
        CONSTRAINT ck_race_mode CHECK (mode IN ('ghosts', 'group')),
        CONSTRAINT ck_race_clock CHECK (clock IN ('elapsed', 'moving')),
        CONSTRAINT ck_race_status CHECK (status IN ('planned', 'racing', 'finished', 'cancelled')),
        CONSTRAINT ck_race_invite CHECK ((invite_digest IS NULL) = (invite_expires_at IS NULL) AND (mode = 'group' OR invite_digest IS NULL))
      );
      CREATE INDEX ix_race_planned ON running.race (planned_at) WHERE status = 'planned' AND warmed_at IS NULL;

      -- The first is the course. No foreign key to the ghost: a race stays when it is gone.
      CREATE TABLE running.race_ghost (
        race_id uuid NOT NULL,
        position integer NOT NULL,
        user_id uuid NOT NULL,
        ghost_id uuid NOT NULL,
        origin_ghost_id uuid NOT NULL,
        curve_version integer,
        name text NOT NULL,
        type text NOT NULL,
        CONSTRAINT pk_race_ghost PRIMARY KEY (race_id, position),
        CONSTRAINT uq_race_ghost UNIQUE (race_id, ghost_id),
        CONSTRAINT fk_race_ghost_race FOREIGN KEY (user_id, race_id) REFERENCES running.race (user_id, id) ON DELETE CASCADE
      );
      CREATE INDEX ix_race_ghost_owner ON running.race_ghost (user_id, race_id);
      CREATE INDEX ix_race_ghost_origin ON running.race_ghost (origin_ghost_id, curve_version);

      -- Rows of several accounts in one race: each its own runner's. They go with their runner or their run, and all with the race.
      CREATE TABLE running.race_participant (
        race_id uuid NOT NULL,
        user_id uuid NOT NULL,
        number smallint NOT NULL,
        name text,
        run_id uuid,
        state text NOT NULL DEFAULT 'joined',
        joined_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        official_time_s double precision,
        error_bar_s double precision,
        distance_completed_m double precision,
        completion_ratio double precision,
        plausibility jsonb,
        progress bytea,
        result_version integer NOT NULL DEFAULT 0,
        CONSTRAINT pk_race_participant PRIMARY KEY (race_id, user_id),
        CONSTRAINT uq_race_participant_number UNIQUE (race_id, number),
        CONSTRAINT uq_race_participant_run UNIQUE (run_id),
        CONSTRAINT fk_race_participant_race FOREIGN KEY (race_id) REFERENCES running.race (id) ON DELETE CASCADE,
        CONSTRAINT fk_race_participant_run FOREIGN KEY (run_id) REFERENCES running.run (id) ON DELETE CASCADE,
        CONSTRAINT ck_race_participant_state CHECK (state IN ('joined', 'racing', 'finished', 'abandoned', 'left'))
      );
      CREATE INDEX ix_race_participant_user ON running.race_participant (user_id, race_id);

      CREATE TABLE running.race_result (
        id uuid NOT NULL,
        run_id uuid NOT NULL,
        ghost_id uuid NOT NULL,
        user_id uuid NOT NULL,
        race_id uuid NOT NULL,
        origin_ghost_id uuid NOT NULL,
        ghost_name text NOT NULL,
        ghost_type text NOT NULL,
        status text NOT NULL,
        started_at timestamptz,
        user_time_s double precision,
        ghost_time_s double precision NOT NULL,
        time_difference_s double precision,
        error_bar_s double precision,
        is_too_close boolean NOT NULL DEFAULT false,
        average_gap_s double precision,
        max_gap_s double precision,
        min_gap_s double precision,
        distance_completed_m double precision NOT NULL,
        completion_ratio double precision NOT NULL,
        splits jsonb NOT NULL DEFAULT '[]',
        heart_rates jsonb NOT NULL DEFAULT '[]',
        plausibility jsonb NOT NULL DEFAULT '[]',
        gap_curve bytea,
        curve_version integer NOT NULL,
        track_version integer NOT NULL,
        rules_version smallint NOT NULL,
        version integer NOT NULL DEFAULT 1,
        settled_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_race_result PRIMARY KEY (id),
        CONSTRAINT uq_race_result_run UNIQUE (run_id, ghost_id),
        CONSTRAINT fk_race_result_run FOREIGN KEY (run_id) REFERENCES running.run (id) ON DELETE CASCADE,
        CONSTRAINT ck_race_result_status CHECK (status IN ('won', 'lost', 'abandoned', 'not_started')),
        CONSTRAINT ck_race_result_completion CHECK (completion_ratio >= 0 AND completion_ratio <= 1)
      );
      CREATE INDEX ix_race_result_race ON running.race_result (race_id, user_id);
      CREATE INDEX ix_race_result_user ON running.race_result (user_id, id);
      CREATE INDEX ix_race_result_origin ON running.race_result (origin_ghost_id);
    `);
    for (const table of TABLES)
      await runner.query(`
        COMMENT ON TABLE running.${table} IS 'owner=user; erase=running-races';
        ALTER TABLE running.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY own_rows ON running.${table} TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
        CREATE POLICY platform_work ON running.${table} TO ${system} USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON running.${table} TO ${app}, ${system};
      `);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.query(`DROP TABLE running.${table}`);
  }
}
