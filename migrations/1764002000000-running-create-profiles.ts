import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";

export class RunningCreateProfiles1764002000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      CREATE TABLE running.profile (
        user_id uuid NOT NULL,
        username text NOT NULL,
        username_fold text NOT NULL,
        display_name text,
        picture_file_id uuid,
        time_zone text NOT NULL DEFAULT 'UTC',
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_profile PRIMARY KEY (user_id),
        CONSTRAINT uq_profile_username_fold UNIQUE (username_fold),
        CONSTRAINT fk_profile_picture_file FOREIGN KEY (picture_file_id) REFERENCES platform.stored_file (id) ON DELETE SET NULL,
        CONSTRAINT ck_profile_username CHECK (char_length(username) >= 3 AND char_length(username) <= 50),
        CONSTRAINT ck_profile_username_fold CHECK (username_fold = lower(username))
      );
      CREATE INDEX ix_profile_picture_file ON running.profile (picture_file_id) WHERE picture_file_id IS NOT NULL;
      COMMENT ON TABLE running.profile IS 'owner=user; erase=running-profiles';
      ALTER TABLE running.profile ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON running.profile TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      CREATE POLICY platform_work ON running.profile TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE ON running.profile TO ${app};
      GRANT SELECT, DELETE ON running.profile TO ${system};

      CREATE TABLE running.preference (
        user_id uuid NOT NULL,
        units_distance text NOT NULL DEFAULT 'metric',
        units_temperature text NOT NULL DEFAULT 'celsius',
        privacy_profile text NOT NULL DEFAULT 'private',
        privacy_runs text NOT NULL DEFAULT 'private',
        has_notifications boolean NOT NULL DEFAULT true,
        has_auto_pause boolean NOT NULL DEFAULT true,
        gps_accuracy text NOT NULL DEFAULT 'high',
        max_heart_rate_bpm smallint,
        resting_heart_rate_bpm smallint,
        threshold_heart_rate_bpm smallint,
        sex text,
        threshold_pace_s_per_km double precision,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT pk_preference PRIMARY KEY (user_id),
        CONSTRAINT ck_preference_units_distance CHECK (units_distance = ANY (ARRAY['metric'::text, 'imperial'::text])),
        CONSTRAINT ck_preference_units_temperature CHECK (units_temperature = ANY (ARRAY['celsius'::text, 'fahrenheit'::text])),
        CONSTRAINT ck_preference_privacy_profile CHECK (privacy_profile = ANY (ARRAY['public'::text, 'friends'::text, 'private'::text])),
        CONSTRAINT ck_preference_privacy_runs CHECK (privacy_runs = ANY (ARRAY['public'::text, 'friends'::text, 'private'::text])),
        CONSTRAINT ck_preference_gps_accuracy CHECK (gps_accuracy = ANY (ARRAY['high'::text, 'medium'::text, 'low'::text])),
        CONSTRAINT ck_preference_sex CHECK (sex = ANY (ARRAY['female'::text, 'male'::text])),
        CONSTRAINT ck_preference_threshold_pace CHECK (threshold_pace_s_per_km > 0)
      );
      COMMENT ON TABLE running.preference IS 'owner=user; erase=running-profiles';
      ALTER TABLE running.preference ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON running.preference TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      CREATE POLICY platform_work ON running.preference TO ${system} USING (true) WITH CHECK (true);
      GRANT SELECT, INSERT, UPDATE ON running.preference TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON running.preference TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE running.preference; DROP TABLE running.profile');
  }
}
