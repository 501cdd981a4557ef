import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";

export class DestinyCreateWeapons1763932000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- One row per weapon that a membership holds. What moves often stands in columns, the rest of the copy in one document.
      CREATE TABLE destiny.weapon (
        membership_id uuid NOT NULL,
        item_instance_id text NOT NULL,
        user_id uuid NOT NULL,
        item_hash bigint NOT NULL,
        location text NOT NULL,
        character_id text,
        power integer,
        item jsonb NOT NULL,
        content_hash uuid NOT NULL,
        first_seen_at timestamptz NOT NULL,
        CONSTRAINT pk_weapon PRIMARY KEY (membership_id, item_instance_id),
        CONSTRAINT fk_weapon_membership FOREIGN KEY (membership_id) REFERENCES destiny.membership (id) ON DELETE CASCADE,
        CONSTRAINT ck_weapon_location CHECK (location IN ('equipped', 'inventory', 'vault', 'postmaster'))
      ) WITH (fillfactor = 80);
      CREATE INDEX ix_weapon_user ON destiny.weapon (user_id);
      COMMENT ON TABLE destiny.weapon IS 'owner=user; erase=destiny-profiles';
      ALTER TABLE destiny.weapon ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON destiny.weapon TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      CREATE POLICY platform_work ON destiny.weapon TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE, DELETE ON destiny.weapon TO ${app}, ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE destiny.weapon');
  }
}
