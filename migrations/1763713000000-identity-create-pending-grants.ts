import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";

export class IdentityCreatePendingGrants1763713000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- What a provider has given, until the account that began comes for it with its own token: whoever sat at the browser may
      -- have been somebody else.
      CREATE TABLE identity.pending_grant (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        code_hash bytea NOT NULL,
        purpose text NOT NULL,
        provider text NOT NULL,
        sealed_grant bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_pending_grant PRIMARY KEY (id),
        CONSTRAINT uq_pending_grant_code UNIQUE (code_hash),
        CONSTRAINT fk_pending_grant_user FOREIGN KEY (user_id) REFERENCES identity.account (id) ON DELETE CASCADE,
        CONSTRAINT ck_pending_grant_purpose CHECK (purpose IN ('connect', 'link'))
      );
      COMMENT ON TABLE identity.pending_grant IS 'owner=user; erase=identity';
      CREATE INDEX ix_pending_grant_user ON identity.pending_grant (user_id);
      CREATE INDEX ix_pending_grant_expires_at ON identity.pending_grant (expires_at);
      ALTER TABLE identity.pending_grant ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON identity.pending_grant TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      GRANT SELECT, INSERT, DELETE ON identity.pending_grant TO ${app};
      -- The job that gives back what nobody came for, exports and erasures.
      CREATE POLICY pending ON identity.pending_grant FOR SELECT TO ${system} USING (true);
      CREATE POLICY lapsed ON identity.pending_grant FOR DELETE TO ${system} USING (true);
      GRANT SELECT, DELETE ON identity.pending_grant TO ${system};

      -- A provider that is away may hear of a token after its account has gone: such a token is nobody's any more, and sealed by
      -- the platform's own key.
      ALTER TABLE identity.parting_token ALTER COLUMN user_id DROP NOT NULL;
      CREATE POLICY left_behind ON identity.parting_token FOR INSERT TO ${system} WITH CHECK (user_id IS NULL);
      GRANT INSERT ON identity.parting_token TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    const [{ system }] = (await runner.query("SELECT quote_ident(current_user || '_system') AS system")) as [
      { system: string },
    ];
    await runner.query(`
      REVOKE INSERT ON identity.parting_token FROM ${system};
      DROP POLICY left_behind ON identity.parting_token;
      DELETE FROM identity.parting_token WHERE user_id IS NULL;
      ALTER TABLE identity.parting_token ALTER COLUMN user_id SET NOT NULL;
      DROP TABLE identity.pending_grant;
    `);
  }
}
