import type { MigrationInterface, QueryRunner } from 'typeorm';

const NUMBERED = ['object', 'learnt_name', 'link'];

export class TabletopCreateSearchIndex1764160000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- Whoever follows changes by their numbers waits for the transactions that were open when it read. A transaction is open from the moment it
      -- has a number of its own, which a number of a change alone does not give it.
      CREATE FUNCTION tabletop.next_change() RETURNS bigint LANGUAGE sql VOLATILE
        RETURN CASE WHEN pg_current_xact_id() IS NOT NULL THEN nextval('tabletop.change_seq') END;
      REVOKE ALL ON FUNCTION tabletop.next_change() FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION tabletop.next_change() TO ${app}, ${system};
    `);
    for (const table of NUMBERED)
      await runner.query(
        `ALTER TABLE tabletop.${table} ALTER COLUMN change_seq SET DEFAULT tabletop.next_change()`,
      );
    await runner.query(`
      -- The index of the search server that is asked: the newest one of a layout.
      CREATE TABLE tabletop.search_index (
        name text NOT NULL,
        layout integer NOT NULL,
        has_sounds boolean NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_search_index PRIMARY KEY (name)
      );
      -- How far an index has followed a campaign, read in a language: everything up to a number, and these above it. One
      -- at a time tells it more (fed_until). Stays when the campaign goes, since its documents do.
      CREATE TABLE tabletop.indexed_campaign (
        index_name text NOT NULL,
        campaign_id uuid NOT NULL,
        language text NOT NULL,
        settled_seq bigint NOT NULL,
        applied_seqs bigint[] NOT NULL,
        fed_until timestamptz NOT NULL,
        checked_at timestamptz NOT NULL,
        CONSTRAINT pk_indexed_campaign PRIMARY KEY (index_name, campaign_id),
        CONSTRAINT fk_indexed_campaign_index FOREIGN KEY (index_name) REFERENCES tabletop.search_index (name) ON DELETE CASCADE
      );
      CREATE INDEX ix_indexed_campaign_campaign ON tabletop.indexed_campaign (campaign_id);
    `);
    for (const table of ['search_index', 'indexed_campaign'])
      await runner.query(`
        COMMENT ON TABLE tabletop.${table} IS 'owner=none; erase=none';
        ALTER TABLE tabletop.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY platform_work ON tabletop.${table} TO ${system} USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON tabletop.${table} TO ${system};
      `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tabletop.indexed_campaign, tabletop.search_index');
    for (const table of NUMBERED)
      await runner.query(
        `ALTER TABLE tabletop.${table} ALTER COLUMN change_seq SET DEFAULT nextval('tabletop.change_seq')`,
      );
    await runner.query('DROP FUNCTION tabletop.next_change()');
  }
}
