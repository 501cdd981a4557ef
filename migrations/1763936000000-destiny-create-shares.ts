import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";

export class DestinyCreateShares1763936000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      CREATE TABLE destiny.share (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        slug text NOT NULL,
        shows text NOT NULL,
        record_hash bigint,
        display_name text,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_share PRIMARY KEY (id),
        CONSTRAINT uq_share_slug UNIQUE (slug),
        CONSTRAINT ck_share_shows CHECK (shows = ANY (ARRAY['summary'::text, 'list'::text, 'catalyst'::text])),
        CONSTRAINT ck_share_record CHECK ((shows = 'catalyst'::text) = (record_hash IS NOT NULL))
      );
      CREATE INDEX ix_share_user ON destiny.share (user_id, id);
      COMMENT ON TABLE destiny.share IS 'owner=user; erase=destiny-shares';
      ALTER TABLE destiny.share ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON destiny.share TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      CREATE POLICY platform_work ON destiny.share TO ${system} USING (true);
      GRANT SELECT, INSERT, DELETE ON destiny.share TO ${app};
      GRANT SELECT, DELETE ON destiny.share TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE destiny.share');
  }
}
