import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";

export class IdentityCreateAccounts1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      CREATE SCHEMA identity;
      GRANT USAGE ON SCHEMA identity TO ${app}, ${system};

      -- An account is its own user: what policies of other tables call user_id is its id.
      CREATE TABLE identity.account (
        id uuid NOT NULL,
        email text NOT NULL,
        password_hash text,
        role text NOT NULL DEFAULT 'member',
        display_name text,
        token_version integer NOT NULL DEFAULT 1,
        version integer NOT NULL DEFAULT 1,
        verified_at timestamptz,
        locked_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_account PRIMARY KEY (id),
        CONSTRAINT uq_account_email UNIQUE (email),
        CONSTRAINT ck_account_email CHECK (email = lower(email)),
        CONSTRAINT ck_account_role CHECK (role IN ('member', 'administrator'))
      );
      COMMENT ON TABLE identity.account IS 'owner=user; erase=identity';
      ALTER TABLE identity.account ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON identity.account TO ${app} USING (id = ${SCOPE}) WITH CHECK (id = ${SCOPE});
      -- Sign-in looks accounts up by their address, administrators change roles and locks, an erasure takes them away.
      CREATE POLICY administration ON identity.account TO ${system} USING (true);
      -- An account cannot give itself a role, verify its own address or lift its lock.
      GRANT SELECT, DELETE, INSERT (id, email, password_hash, display_name),
        UPDATE (password_hash, display_name, token_version, version, updated_at) ON identity.account TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON identity.account TO ${system};

      -- One device. Of refresh tokens only digests are kept: of the current one and of its parent.
      CREATE TABLE identity.session (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        device_name text,
        user_agent text,
        ip_prefix text,
        counter integer NOT NULL DEFAULT 0,
        refresh_hash bytea NOT NULL,
        parent_hash bytea,
        mark_key bytea NOT NULL,
        rotation_nonce bytea,
        rotated_at timestamptz,
        proved_at timestamptz NOT NULL DEFAULT now(),
        created_at timestamptz NOT NULL DEFAULT now(),
        last_used_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        revoked_at timestamptz,
        CONSTRAINT pk_session PRIMARY KEY (id),
        CONSTRAINT fk_session_user FOREIGN KEY (user_id) REFERENCES identity.account (id) ON DELETE CASCADE
      ) WITH (fillfactor = 80);
      COMMENT ON TABLE identity.session IS 'owner=user; erase=identity';
      CREATE INDEX ix_session_user ON identity.session (user_id, id);
      CREATE INDEX ix_session_expires_at ON identity.session (expires_at);
      ALTER TABLE identity.session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON identity.session TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      -- A refresh token says its session, not its account; housekeeping takes away what has ended.
      CREATE POLICY look_up ON identity.session FOR SELECT TO ${system} USING (true);
      CREATE POLICY rotation ON identity.session FOR UPDATE TO ${system} USING (true);
      CREATE POLICY housekeeping ON identity.session FOR DELETE TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE (revoked_at, proved_at) ON identity.session TO ${app};
      GRANT SELECT, UPDATE, DELETE ON identity.session TO ${system};

      -- Password resets, e-mail verifications, WebSocket tickets: a digest, and the row goes with the first use.
      CREATE TABLE identity.one_time_token (
        hash bytea NOT NULL,
        user_id uuid NOT NULL,
        kind text NOT NULL,
        session_id uuid,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_one_time_token PRIMARY KEY (hash),
        CONSTRAINT fk_one_time_token_user FOREIGN KEY (user_id) REFERENCES identity.account (id) ON DELETE CASCADE,
        CONSTRAINT fk_one_time_token_session FOREIGN KEY (session_id) REFERENCES identity.session (id) ON DELETE CASCADE,
        CONSTRAINT ck_one_time_token_kind CHECK (kind IN ('password-reset', 'email-verification', 'ws-ticket'))
      );
      COMMENT ON TABLE identity.one_time_token IS 'owner=user; erase=identity';
      CREATE INDEX ix_one_time_token_user ON identity.one_time_token (user_id, kind);
      CREATE INDEX ix_one_time_token_session ON identity.one_time_token (session_id) WHERE session_id IS NOT NULL;
      CREATE INDEX ix_one_time_token_expires_at ON identity.one_time_token (expires_at);
      ALTER TABLE identity.one_time_token ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON identity.one_time_token TO ${app}
        USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      -- Whoever brings a token has no account yet.
      CREATE POLICY redemption ON identity.one_time_token TO ${system} USING (true);
      GRANT SELECT, INSERT, DELETE ON identity.one_time_token TO ${app};
      GRANT SELECT, INSERT, DELETE ON identity.one_time_token TO ${system};

      -- Keys of access tokens. The private half is sealed; nobody but the system role reads either.
      CREATE TABLE identity.signing_key (
        id uuid NOT NULL,
        public_jwk jsonb NOT NULL,
        sealed_private bytea NOT NULL,
        signs_from timestamptz NOT NULL,
        ends_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_signing_key PRIMARY KEY (id)
      );
      COMMENT ON TABLE identity.signing_key IS 'owner=none; erase=none';
      GRANT SELECT, INSERT, UPDATE (ends_at), DELETE ON identity.signing_key TO ${system};

      -- What was taken back while tokens of it may still be about. Every process reads the newest rows several times a second.
      CREATE TABLE identity.revocation (
        id uuid NOT NULL,
        kind text NOT NULL,
        subject_id uuid NOT NULL,
        min_token_version integer,
        revoked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT pk_revocation PRIMARY KEY (id),
        CONSTRAINT ck_revocation_kind CHECK (kind IN ('session', 'key', 'account'))
      );
      COMMENT ON TABLE identity.revocation IS 'owner=none; erase=none';
      CREATE INDEX ix_revocation_revoked_at ON identity.revocation (revoked_at);
      GRANT SELECT, INSERT ON identity.revocation TO ${app};
      GRANT SELECT, INSERT, DELETE ON identity.revocation TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA identity CASCADE');
  }
}
