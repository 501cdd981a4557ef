import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";

export class MarketCreateMemberRoles1763705002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- What an account is to the market beyond its role on the platform. Its owner may see it, administrators give it.
      CREATE TABLE market.member_role (
        user_id uuid NOT NULL,
        role text NOT NULL,
        given_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_member_role PRIMARY KEY (user_id),
        CONSTRAINT fk_member_role_user FOREIGN KEY (user_id) REFERENCES identity.account (id) ON DELETE CASCADE,
        CONSTRAINT ck_member_role_role CHECK (role IN ('curator'))
      );
      COMMENT ON TABLE market.member_role IS 'owner=user; erase=market';
      ALTER TABLE market.member_role ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON market.member_role FOR SELECT TO ${app} USING (user_id = ${SCOPE});
      CREATE POLICY administration ON market.member_role TO ${system} USING (true);
      GRANT SELECT ON market.member_role TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON market.member_role TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE market.member_role');
  }
}
