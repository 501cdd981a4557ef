import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";

export class IdentityCreateConnections1763704000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- Somebody who signs in elsewhere may have no address here: an address of another's making is no proof of ours.
      ALTER TABLE identity.account ALTER COLUMN email DROP NOT NULL;

      -- Tokens of outside issuers say no version of ours: one that is older than the last change of the version is void.
      ALTER TABLE identity.account ADD COLUMN tokens_since timestamptz;
      CREATE FUNCTION identity.note_token_version() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        NEW.tokens_since := pg_catalog.clock_timestamp();
        RETURN NEW;
      END $$;
      CREATE TRIGGER note_token_version BEFORE UPDATE OF token_version ON identity.account
        FOR EACH ROW WHEN (NEW.token_version IS DISTINCT FROM OLD.token_version)
        EXECUTE FUNCTION identity.note_token_version();

      -- Somebody's tokens for a third party.
      CREATE TABLE identity.connection (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        provider text NOT NULL,
        state text NOT NULL DEFAULT 'connected',
        subject text,
        granted_scopes text[] NOT NULL,
        sealed_access_token bytea,
        sealed_refresh_token bytea,
        access_expires_at timestamptz,
        lease_id uuid,
        lease_until timestamptz,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_connection PRIMARY KEY (id),
        CONSTRAINT uq_connection_user_provider UNIQUE (user_id, provider),
        CONSTRAINT fk_connection_user FOREIGN KEY (user_id) REFERENCES identity.account (id) ON DELETE CASCADE,
        CONSTRAINT ck_connection_state CHECK (state IN ('connected', 'needs-sign-in')),
        CONSTRAINT ck_connection_tokens CHECK ((state = 'connected') = (sealed_access_token IS NOT NULL)),
        CONSTRAINT ck_connection_lease CHECK ((lease_id IS NULL) = (lease_until IS NULL))
      );
      COMMENT ON TABLE identity.connection IS 'owner=user; erase=identity';
      ALTER TABLE identity.connection ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON identity.connection TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      GRANT SELECT, INSERT, UPDATE, DELETE ON identity.connection TO ${app};
      -- For exports and erasures: all but the sealed tokens.
      CREATE POLICY takeout ON identity.connection FOR SELECT TO ${system} USING (true);
      CREATE POLICY erasure ON identity.connection FOR DELETE TO ${system} USING (true);
      GRANT DELETE, SELECT (id, user_id, provider, state, subject, granted_scopes, access_expires_at, created_at, updated_at)
        ON identity.connection TO ${system};

      -- A token that nobody needs any more, until its provider has been told.
      CREATE TABLE identity.parting_token (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        provider text NOT NULL,
        sealed_token bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_parting_token PRIMARY KEY (id),
        CONSTRAINT fk_parting_token_user FOREIGN KEY (user_id) REFERENCES identity.account (id) ON DELETE CASCADE
      );
      COMMENT ON TABLE identity.parting_token IS 'owner=user; erase=identity';
      CREATE INDEX ix_parting_token_user ON identity.parting_token (user_id);
      CREATE INDEX ix_parting_token_created_at ON identity.parting_token (created_at);
      ALTER TABLE identity.parting_token ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON identity.parting_token TO ${app}
        USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      -- The job that tells the provider, and housekeeping.
      CREATE POLICY parting ON identity.parting_token FOR SELECT TO ${system} USING (true);
      CREATE POLICY parted ON identity.parting_token FOR DELETE TO ${system} USING (true);
      GRANT SELECT, INSERT, DELETE ON identity.parting_token TO ${app};
      GRANT SELECT, DELETE ON identity.parting_token TO ${system};

      -- Somebody is at a third party's page and will come back. Whoever comes brings the state, of which only the digest is here.
      CREATE TABLE identity.authorization_request (
        state_hash bytea NOT NULL,
        purpose text NOT NULL,
        provider text NOT NULL,
        user_id uuid,
        session_id uuid,
        salt bytea NOT NULL,
        browser_hash bytea,
        code_challenge text,
        redirect_uri text NOT NULL,
        return_to text,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_authorization_request PRIMARY KEY (state_hash),
        CONSTRAINT fk_authorization_request_user FOREIGN KEY (user_id) REFERENCES identity.account (id) ON DELETE CASCADE,
        CONSTRAINT fk_authorization_request_session FOREIGN KEY (session_id) REFERENCES identity.session (id) ON DELETE CASCADE,
        CONSTRAINT ck_authorization_request_purpose CHECK (purpose IN ('connect', 'link', 'sign-in')),
        CONSTRAINT ck_authorization_request_owner CHECK (
          (purpose = 'sign-in') = (user_id IS NULL) AND (user_id IS NULL) = (session_id IS NULL)
          AND (purpose = 'sign-in') = (code_challenge IS NOT NULL))
      );
      COMMENT ON TABLE identity.authorization_request IS 'owner=user; erase=identity';
      CREATE INDEX ix_authorization_request_user ON identity.authorization_request (user_id);
      CREATE INDEX ix_authorization_request_session ON identity.authorization_request (session_id);
      CREATE INDEX ix_authorization_request_expires_at ON identity.authorization_request (expires_at);
      ALTER TABLE identity.authorization_request ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON identity.authorization_request TO ${app}
        USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      -- Who signs in has no account yet, and who comes back has no token.
      CREATE POLICY coming_back ON identity.authorization_request TO ${system} USING (true) WITH CHECK (user_id IS NULL);
      GRANT SELECT, INSERT ON identity.authorization_request TO ${app};
      GRANT SELECT, INSERT, DELETE ON identity.authorization_request TO ${system};

      -- Who somebody is elsewhere: what an outside issuer calls the account.
      CREATE TABLE identity.external_identity (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        issuer text NOT NULL,
        subject text NOT NULL,
        provider text,
        email text,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_external_identity PRIMARY KEY (id),
        CONSTRAINT uq_external_identity_subject UNIQUE (issuer, subject),
        CONSTRAINT fk_external_identity_user FOREIGN KEY (user_id) REFERENCES identity.account (id) ON DELETE CASCADE
      );
      COMMENT ON TABLE identity.external_identity IS 'owner=user; erase=identity';
      CREATE INDEX ix_external_identity_user ON identity.external_identity (user_id, id);
      ALTER TABLE identity.external_identity ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON identity.external_identity TO ${app}
        USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      -- Sign-in knows issuer and subject and looks for the account.
      CREATE POLICY look_up ON identity.external_identity FOR SELECT TO ${system} USING (true);
      GRANT SELECT, INSERT, DELETE ON identity.external_identity TO ${app};
      CREATE POLICY erasure ON identity.external_identity FOR DELETE TO ${system} USING (true);
      GRANT SELECT, DELETE ON identity.external_identity TO ${system};

      -- A token of an outside issuer outlives the account that its owner has deleted: it shall not make a new one. The digest is
      -- forgotten when no such token can be about any more.
      CREATE TABLE identity.departed_identity (
        hash bytea NOT NULL,
        left_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT pk_departed_identity PRIMARY KEY (hash)
      );
      COMMENT ON TABLE identity.departed_identity IS 'owner=none; erase=none';
      CREATE INDEX ix_departed_identity_left_at ON identity.departed_identity (left_at);
      GRANT SELECT, DELETE ON identity.departed_identity TO ${system};
      CREATE FUNCTION identity.note_departure() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        INSERT INTO identity.departed_identity (hash)
          VALUES (pg_catalog.sha256(pg_catalog.convert_to(OLD.issuer || E'\\n' || OLD.subject, 'UTF8')))
          ON CONFLICT (hash) DO UPDATE SET left_at = excluded.left_at;
        RETURN NULL;
      END $$;
      REVOKE ALL ON FUNCTION identity.note_departure() FROM PUBLIC;
      CREATE TRIGGER note_departure AFTER DELETE ON identity.external_identity
        FOR EACH ROW WHEN (OLD.provider IS NULL) EXECUTE FUNCTION identity.note_departure();

      -- What the app exchanges for tokens after a sign-in elsewhere: works once, for whoever began it.
      CREATE TABLE identity.sign_in_code (
        hash bytea NOT NULL,
        user_id uuid NOT NULL,
        code_challenge text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_sign_in_code PRIMARY KEY (hash),
        CONSTRAINT fk_sign_in_code_user FOREIGN KEY (user_id) REFERENCES identity.account (id) ON DELETE CASCADE
      );
      COMMENT ON TABLE identity.sign_in_code IS 'owner=user; erase=identity';
      CREATE INDEX ix_sign_in_code_user ON identity.sign_in_code (user_id);
      CREATE INDEX ix_sign_in_code_expires_at ON identity.sign_in_code (expires_at);
      ALTER TABLE identity.sign_in_code ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON identity.sign_in_code TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      CREATE POLICY redemption ON identity.sign_in_code TO ${system} USING (true);
      GRANT SELECT, INSERT ON identity.sign_in_code TO ${app};
      GRANT SELECT, DELETE ON identity.sign_in_code TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE identity.sign_in_code, identity.external_identity, identity.authorization_request,
        identity.parting_token, identity.connection;
      DROP TABLE identity.departed_identity;
      DROP FUNCTION identity.note_departure();
      DROP TRIGGER note_token_version ON identity.account;
      DROP FUNCTION identity.note_token_version();
      ALTER TABLE identity.account DROP COLUMN tokens_since;
      DELETE FROM identity.account WHERE email IS NULL;
      ALTER TABLE identity.account ALTER COLUMN email SET NOT NULL;
    `);
  }
}
