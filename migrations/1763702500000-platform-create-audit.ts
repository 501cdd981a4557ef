import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PlatformCreateAudit1763702500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- What was done, without a word about persons: who did it and what changed stand here as salted hashes only. Rows are
      -- never changed or deleted, so the chain of seals over them holds for good.
      CREATE TABLE platform.audit_event (
        id bigint GENERATED ALWAYS AS IDENTITY,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        action text NOT NULL,
        object_type text NOT NULL,
        object_id text NOT NULL,
        actor_hash bytea NOT NULL,
        detail_hash bytea NOT NULL,
        CONSTRAINT pk_audit_event PRIMARY KEY (id),
        CONSTRAINT ck_audit_event_hashes CHECK (length(actor_hash) = 32 AND length(detail_hash) = 32)
      );
      CREATE INDEX ix_audit_event_at ON platform.audit_event (at, id);
      CREATE INDEX ix_audit_event_object ON platform.audit_event (object_type, object_id, id);
      CREATE INDEX ix_audit_event_action ON platform.audit_event (action, id);
      COMMENT ON TABLE platform.audit_event IS 'owner=none; erase=none';

      -- No foreign keys to audit_event: whoever inserts has the event in hand, and none is ever deleted; checking them would only
      -- cost every writing transaction.
      -- The persons: whose matter it was, who did it from where, what it was before and after. Erased with its salts, it leaves
      -- hashes in audit_event that nobody can try guesses on.
      CREATE TABLE platform.audit_detail (
        event_id bigint NOT NULL,
        user_id uuid NOT NULL,
        salt bytea NOT NULL,
        before json,
        after json,
        actor_salt bytea,
        actor_id uuid,
        session_id text,
        request_id text,
        CONSTRAINT pk_audit_detail PRIMARY KEY (event_id)
      );
      CREATE INDEX ix_audit_detail_user ON platform.audit_detail (user_id, event_id);
      CREATE INDEX ix_audit_detail_actor ON platform.audit_detail (actor_id, event_id);
      COMMENT ON TABLE platform.audit_detail IS 'owner=user; erase=audit';

      -- Committed events that no seal covers yet: a queue, so that a seal can follow the order of commits and skip none.
      CREATE TABLE platform.audit_pending (
        event_id bigint NOT NULL,
        CONSTRAINT pk_audit_pending PRIMARY KEY (event_id)
      ) WITH (autovacuum_vacuum_scale_factor = 0.02);
      COMMENT ON TABLE platform.audit_pending IS 'owner=none; erase=none';

      -- The chain: each hash is over the hash before it and one event. The first previous hash is random and names the chain.
      CREATE TABLE platform.audit_seal (
        seq bigint NOT NULL,
        event_id bigint NOT NULL,
        prev_hash bytea NOT NULL,
        hash bytea NOT NULL,
        CONSTRAINT pk_audit_seal PRIMARY KEY (seq),
        CONSTRAINT uq_audit_seal_event UNIQUE (event_id),
        CONSTRAINT ck_audit_seal_hashes CHECK (seq > 0 AND length(prev_hash) = 32 AND length(hash) = 32)
      );
      COMMENT ON TABLE platform.audit_seal IS 'owner=none; erase=none';

      CREATE FUNCTION platform.refuse_audit_change() RETURNS trigger
      LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
      BEGIN
        RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = '42501';
      END $body$;
      REVOKE ALL ON FUNCTION platform.refuse_audit_change() FROM PUBLIC;
      CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON platform.audit_event
        FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_audit_change();
      CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON platform.audit_seal
        FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_audit_change();

      -- The only way in, for both roles: an administrator's change is the matter of another user, whose row the caller's own
      -- rights would not let him write.
      CREATE FUNCTION platform.record_audit(action text, object_type text, object_id text, user_id uuid, before json, after json,
        salt bytea, detail_hash bytea, actor_id uuid, session_id text, request_id text, actor_salt bytea, actor_hash bytea)
      RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
      DECLARE
        event_id bigint;
      BEGIN
        INSERT INTO platform.audit_event (action, object_type, object_id, actor_hash, detail_hash)
          VALUES ($1, $2, $3, $13, $8) RETURNING id INTO event_id;
        INSERT INTO platform.audit_detail (event_id, user_id, salt, before, after, actor_salt, actor_id, session_id, request_id)
          VALUES (event_id, $4, $7, $5, $6, $12, $9, $10, $11);
        INSERT INTO platform.audit_pending VALUES (event_id);
      END $body$;
      REVOKE ALL ON FUNCTION platform.record_audit(text, text, text, uuid, json, json, bytea, bytea, uuid, text, text, bytea, bytea) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION platform.record_audit(text, text, text, uuid, json, json, bytea, bytea, uuid, text, text, bytea, bytea)
        TO ${app}, ${system};

      ALTER TABLE platform.audit_detail ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON platform.audit_detail FOR SELECT TO ${app}
        USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
      CREATE POLICY recording_and_erasure ON platform.audit_detail TO ${system} USING (true) WITH CHECK (true);
      GRANT SELECT ON platform.audit_detail TO ${app};
      GRANT SELECT, DELETE, UPDATE (actor_salt, actor_id, session_id, request_id) ON platform.audit_detail TO ${system};
      GRANT SELECT ON platform.audit_event TO ${system};
      GRANT SELECT, DELETE ON platform.audit_pending TO ${system};
      GRANT SELECT, INSERT ON platform.audit_seal TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION platform.record_audit;
      DROP TABLE platform.audit_seal, platform.audit_pending, platform.audit_detail, platform.audit_event;
      DROP FUNCTION platform.refuse_audit_change;
    `);
  }
}
