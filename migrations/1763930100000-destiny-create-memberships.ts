import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";

export class DestinyCreateMemberships1763930100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      CREATE TABLE destiny.bungie_link (
        user_id uuid NOT NULL,
        bungie_id text,
        asked_at timestamptz NOT NULL,
        read_at timestamptz,
        is_chosen boolean NOT NULL DEFAULT false,
        CONSTRAINT pk_bungie_link PRIMARY KEY (user_id),
        CONSTRAINT ck_bungie_link_read CHECK ((bungie_id IS NULL) = (read_at IS NULL))
      );
      COMMENT ON TABLE destiny.bungie_link IS 'owner=user; erase=destiny-link';

      CREATE TABLE destiny.membership (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        membership_type integer NOT NULL,
        membership_id text NOT NULL,
        display_name text,
        icon text,
        is_active boolean NOT NULL DEFAULT false,
        is_overridden boolean NOT NULL,
        is_cross_save_primary boolean NOT NULL,
        last_played_at timestamptz,
        seen_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_membership PRIMARY KEY (id),
        CONSTRAINT uq_membership_user_key UNIQUE (user_id, membership_type, membership_id),
        CONSTRAINT uq_membership_user_id UNIQUE (user_id, id)
      );
      CREATE UNIQUE INDEX ux_membership_active ON destiny.membership (user_id) WHERE is_active;
      COMMENT ON TABLE destiny.membership IS 'owner=user; erase=destiny-link';
    `);
    for (const table of ['bungie_link', 'membership'])
      await runner.query(`
        ALTER TABLE destiny.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY own_rows ON destiny.${table} TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
        CREATE POLICY platform_work ON destiny.${table} TO ${system} USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON destiny.${table} TO ${app}, ${system};
      `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE destiny.membership, destiny.bungie_link');
  }
}
