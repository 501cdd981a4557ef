import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";

const TABLES = ['profile', 'favourite', 'list', 'list_item', 'stock', 'message', 'message_read'];

/** What everybody who acts for somebody may read besides their own rows. */
const SHARED: Record<string, string> = {
  list: `scope = 'public' AND ${SCOPE} IS NOT NULL`,
  list_item: `scope = 'public' AND ${SCOPE} IS NOT NULL`,
  message: `${SCOPE} IS NOT NULL`,
};

export class MarketCreatePersonalThings1763840000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- A name under which an account keeps things and writes messages; it may have several.
      CREATE TABLE market.profile (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        game_id smallint NOT NULL,
        name text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_profile PRIMARY KEY (id),
        CONSTRAINT uq_profile_user UNIQUE (user_id, id),
        CONSTRAINT uq_profile_author UNIQUE (user_id, id, name),
        CONSTRAINT uq_profile_name UNIQUE (user_id, game_id, name),
        CONSTRAINT fk_profile_game FOREIGN KEY (game_id) REFERENCES market.game (id),
        CONSTRAINT ck_profile_name CHECK (char_length(name) BETWEEN 1 AND 100)
      );

      CREATE TABLE market.favourite (
        user_id uuid NOT NULL,
        profile_id uuid NOT NULL,
        item_id integer NOT NULL,
        added_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_favourite PRIMARY KEY (profile_id, item_id),
        CONSTRAINT fk_favourite_profile FOREIGN KEY (user_id, profile_id)
          REFERENCES market.profile (user_id, id) ON DELETE CASCADE,
        CONSTRAINT fk_favourite_item FOREIGN KEY (item_id) REFERENCES market.item (id) ON DELETE CASCADE
      );
      CREATE INDEX ix_favourite_item ON market.favourite (item_id);
      CREATE INDEX ix_favourite_user ON market.favourite (user_id);

      -- Items with quantities. A profile that goes takes its private lists along (the program sees to that) and leaves the public ones.
      CREATE TABLE market.list (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        game_id smallint NOT NULL,
        profile_id uuid,
        name text NOT NULL,
        scope text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_list PRIMARY KEY (id),
        CONSTRAINT uq_list_user UNIQUE (user_id, id, scope),
        CONSTRAINT fk_list_game FOREIGN KEY (game_id) REFERENCES market.game (id),
        CONSTRAINT fk_list_profile FOREIGN KEY (user_id, profile_id)
          REFERENCES market.profile (user_id, id) ON DELETE SET NULL (profile_id),
        CONSTRAINT ck_list_name CHECK (char_length(name) BETWEEN 1 AND 100),
        CONSTRAINT ck_list_scope CHECK (scope IN ('public', 'private'))
      );
      CREATE INDEX ix_list_public ON market.list (game_id, id) WHERE scope = 'public';

      -- The scope is the list's, kept in step by the key, so that the policy need not look the list up.
      CREATE TABLE market.list_item (
        user_id uuid NOT NULL,
        list_id uuid NOT NULL,
        item_id integer NOT NULL,
        scope text NOT NULL,
        quantity integer NOT NULL,
        added_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_list_item PRIMARY KEY (list_id, item_id),
        CONSTRAINT fk_list_item_list FOREIGN KEY (user_id, list_id, scope)
          REFERENCES market.list (user_id, id, scope) ON UPDATE CASCADE ON DELETE CASCADE,
        CONSTRAINT fk_list_item_item FOREIGN KEY (item_id) REFERENCES market.item (id) ON DELETE CASCADE,
        CONSTRAINT ck_list_item_quantity CHECK (quantity > 0)
      );
      CREATE INDEX ix_list_item_item ON market.list_item (item_id);
      CREATE INDEX ix_list_item_user ON market.list_item (user_id);

      -- What lies in a bank, by the game's own ids: those that the catalogue does not know yet are kept without an item. item_id
      -- is who the id belonged to when it was written; a deleted item takes its rows along.
      CREATE TABLE market.stock (
        id bigint GENERATED ALWAYS AS IDENTITY,
        user_id uuid NOT NULL,
        server_id smallint NOT NULL,
        profile_id uuid,
        external_id integer NOT NULL,
        item_id integer,
        quantity bigint NOT NULL,
        captured_at timestamptz NOT NULL,
        CONSTRAINT pk_stock PRIMARY KEY (id),
        CONSTRAINT uq_stock_place UNIQUE NULLS NOT DISTINCT (user_id, server_id, profile_id, external_id),
        CONSTRAINT fk_stock_server FOREIGN KEY (server_id) REFERENCES market.server (id),
        CONSTRAINT fk_stock_profile FOREIGN KEY (user_id, profile_id)
          REFERENCES market.profile (user_id, id) ON DELETE CASCADE,
        CONSTRAINT fk_stock_item FOREIGN KEY (item_id) REFERENCES market.item (id) ON DELETE CASCADE,
        CONSTRAINT ck_stock_external_id CHECK (external_id > 0),
        CONSTRAINT ck_stock_quantity CHECK (quantity BETWEEN 1 AND 1000000000000)
      );
      CREATE INDEX ix_stock_item ON market.stock (item_id);
      CREATE INDEX ix_stock_profile ON market.stock (user_id, profile_id);

      -- Readable by all who read the market. The author's name is kept with it, so that nobody else's profiles have to be.
      CREATE TABLE market.message (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        game_id smallint NOT NULL,
        profile_id uuid NOT NULL,
        author_name text NOT NULL,
        content text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_message PRIMARY KEY (id),
        CONSTRAINT fk_message_author FOREIGN KEY (user_id, profile_id, author_name)
          REFERENCES market.profile (user_id, id, name) ON UPDATE CASCADE ON DELETE CASCADE,
        CONSTRAINT fk_message_game FOREIGN KEY (game_id) REFERENCES market.game (id),
        CONSTRAINT ck_message_content CHECK (char_length(content) BETWEEN 1 AND 2000)
      );
      CREATE INDEX ix_message_game ON market.message (game_id, id);
      CREATE INDEX ix_message_author ON market.message (user_id, profile_id);

      CREATE TABLE market.message_read (
        user_id uuid NOT NULL,
        profile_id uuid NOT NULL,
        message_id uuid NOT NULL,
        read_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_message_read PRIMARY KEY (profile_id, message_id),
        CONSTRAINT fk_message_read_profile FOREIGN KEY (user_id, profile_id)
          REFERENCES market.profile (user_id, id) ON DELETE CASCADE,
        CONSTRAINT fk_message_read_message FOREIGN KEY (message_id) REFERENCES market.message (id) ON DELETE CASCADE
      );
      CREATE INDEX ix_message_read_message ON market.message_read (message_id);
      CREATE INDEX ix_message_read_user ON market.message_read (user_id);
      ${TABLES.map(
        (table) => `
      COMMENT ON TABLE market.${table} IS 'owner=user; erase=market-personal';
      ALTER TABLE market.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON market.${table} TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      CREATE POLICY counting_and_erasure ON market.${table} TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE, DELETE ON market.${table} TO ${app};
      GRANT SELECT, DELETE ON market.${table} TO ${system};`,
      ).join('')}
      ${Object.entries(SHARED)
        .map(
          ([table, condition]) =>
            `CREATE POLICY shared_rows ON market.${table} FOR SELECT TO ${app} USING (${condition});`,
        )
        .join('\n      ')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE ${TABLES.toReversed()
        .map((table) => `market.${table}`)
        .join(', ')}`,
    );
  }
}
