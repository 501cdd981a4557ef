import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";

export class IdentityCreateApiKeys1763705001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- A key acts for its account, within its scopes. The prefix finds the row; of the key only the digest is kept.
      CREATE TABLE identity.api_key (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        prefix text NOT NULL,
        hash bytea NOT NULL,
        name text NOT NULL,
        scopes text[] NOT NULL,
        expires_at timestamptz,
        last_used_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_api_key PRIMARY KEY (id),
        CONSTRAINT uq_api_key_prefix UNIQUE (prefix),
        CONSTRAINT fk_api_key_user FOREIGN KEY (user_id) REFERENCES identity.account (id) ON DELETE CASCADE
      );
      COMMENT ON TABLE identity.api_key IS 'owner=user; erase=identity';
      CREATE INDEX ix_api_key_user ON identity.api_key (user_id, id);
      ALTER TABLE identity.api_key ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON identity.api_key TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      -- A key is looked up before anybody knows whose it is; a lock ends the keys of an account.
      CREATE POLICY verification ON identity.api_key TO ${system} USING (true);
      GRANT SELECT, DELETE, INSERT (id, user_id, prefix, hash, name, scopes, expires_at) ON identity.api_key TO ${app};
      GRANT SELECT, DELETE, UPDATE (last_used_at) ON identity.api_key TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE identity.api_key');
  }
}
