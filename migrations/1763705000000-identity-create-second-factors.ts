import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";

export class IdentityCreateSecondFactors1763705000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- The authenticator app of an account; the seed is sealed. A code counts once: last_step only ever grows.
      CREATE TABLE identity.totp (
        user_id uuid NOT NULL,
        sealed_seed bytea NOT NULL,
        last_step integer NOT NULL DEFAULT 0,
        confirmed_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_totp PRIMARY KEY (user_id),
        CONSTRAINT fk_totp_user FOREIGN KEY (user_id) REFERENCES identity.account (id) ON DELETE CASCADE
      );
      COMMENT ON TABLE identity.totp IS 'owner=user; erase=identity';
      ALTER TABLE identity.totp ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON identity.totp TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      -- Whoever signs in has no scope yet; an operator takes away what its owner has lost.
      CREATE POLICY sign_in ON identity.totp TO ${system} USING (true);
      GRANT SELECT, INSERT, DELETE, UPDATE (sealed_seed, last_step, confirmed_at, created_at) ON identity.totp TO ${app};
      GRANT SELECT, DELETE, UPDATE (last_step) ON identity.totp TO ${system};

      -- For a lost phone: a digest each, and the row goes with its use.
      CREATE TABLE identity.recovery_code (
        user_id uuid NOT NULL,
        hash bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_recovery_code PRIMARY KEY (user_id, hash),
        CONSTRAINT fk_recovery_code_user FOREIGN KEY (user_id) REFERENCES identity.account (id) ON DELETE CASCADE
      );
      COMMENT ON TABLE identity.recovery_code IS 'owner=user; erase=identity';
      ALTER TABLE identity.recovery_code ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON identity.recovery_code TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      CREATE POLICY sign_in ON identity.recovery_code TO ${system} USING (true);
      GRANT SELECT, INSERT, DELETE ON identity.recovery_code TO ${app};
      GRANT SELECT, DELETE ON identity.recovery_code TO ${system};

      -- A sign-in whose password was right and whose second factor is awaited.
      CREATE TABLE identity.sign_in_challenge (
        hash bytea NOT NULL,
        user_id uuid NOT NULL,
        token_version integer NOT NULL,
        tries smallint NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_sign_in_challenge PRIMARY KEY (hash),
        CONSTRAINT fk_sign_in_challenge_user FOREIGN KEY (user_id) REFERENCES identity.account (id) ON DELETE CASCADE
      );
      COMMENT ON TABLE identity.sign_in_challenge IS 'owner=user; erase=identity';
      CREATE INDEX ix_sign_in_challenge_user ON identity.sign_in_challenge (user_id);
      CREATE INDEX ix_sign_in_challenge_expires_at ON identity.sign_in_challenge (expires_at);
      ALTER TABLE identity.sign_in_challenge ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY sign_in ON identity.sign_in_challenge TO ${system} USING (true);
      GRANT SELECT, INSERT, DELETE, UPDATE (tries) ON identity.sign_in_challenge TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE identity.sign_in_challenge, identity.recovery_code, identity.totp');
  }
}
