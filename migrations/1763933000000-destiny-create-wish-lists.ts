import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";

const TABLES = ['wish_list', 'wish_list_note', 'wish_list_roll'];

export class DestinyCreateWishLists1763933000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      CREATE TABLE destiny.wish_list (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        title text NOT NULL,
        description text,
        size_bytes integer NOT NULL,
        roll_count integer NOT NULL DEFAULT 0,
        fault_count integer NOT NULL DEFAULT 0,
        faults jsonb NOT NULL DEFAULT '[]',
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_wish_list PRIMARY KEY (id),
        CONSTRAINT uq_wish_list_user UNIQUE (user_id, id)
      );

      -- What a list says of rolls, once per block of them.
      CREATE TABLE destiny.wish_list_note (
        user_id uuid NOT NULL,
        list_id uuid NOT NULL,
        position integer NOT NULL,
        notes text NOT NULL,
        tags text[] NOT NULL,
        CONSTRAINT pk_wish_list_note PRIMARY KEY (user_id, list_id, position),
        CONSTRAINT fk_wish_list_note_list FOREIGN KEY (user_id, list_id)
          REFERENCES destiny.wish_list (user_id, id) ON DELETE CASCADE
      );

      -- An item of 0 is any item.
      CREATE TABLE destiny.wish_list_roll (
        user_id uuid NOT NULL,
        list_id uuid NOT NULL,
        position integer NOT NULL,
        item_hash bigint NOT NULL,
        is_trash boolean NOT NULL,
        perks bigint[] NOT NULL,
        note_position integer,
        CONSTRAINT pk_wish_list_roll PRIMARY KEY (user_id, list_id, position),
        CONSTRAINT ck_wish_list_roll_item CHECK (item_hash >= 0 AND item_hash <= '4294967295'::bigint),
        CONSTRAINT fk_wish_list_roll_list FOREIGN KEY (user_id, list_id)
          REFERENCES destiny.wish_list (user_id, id) ON DELETE CASCADE
      );
      CREATE INDEX ix_wish_list_roll_item ON destiny.wish_list_roll (user_id, item_hash, list_id, position);
    `);
    for (const table of TABLES)
      await runner.query(`
        COMMENT ON TABLE destiny.${table} IS 'owner=user; erase=destiny-wish-lists';
        ALTER TABLE destiny.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY own_rows ON destiny.${table} TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
        CREATE POLICY platform_work ON destiny.${table} TO ${system} USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON destiny.${table} TO ${app};
        GRANT SELECT, DELETE ON destiny.${table} TO ${system};
      `);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await runner.query(`DROP TABLE destiny.${table}`);
  }
}
