import type { MigrationInterface, QueryRunner } from 'typeorm';

export class DestinyCreateSheets1763937000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- What a tab of a Google sheet held when it was last read. The tab without a title is the list of the sheet's tabs.
      CREATE TABLE destiny.sheet_tab (
        spreadsheet_id text NOT NULL,
        title text NOT NULL,
        origin text NOT NULL,
        version integer NOT NULL,
        cells json,
        content_hash bytea,
        row_count integer NOT NULL,
        is_cut boolean NOT NULL,
        fetched_at timestamptz,
        refreshed_at timestamptz,
        failed_at timestamptz,
        failure text,
        retry_at timestamptz,
        claim_id uuid,
        claimed_until timestamptz,
        CONSTRAINT pk_sheet_tab PRIMARY KEY (spreadsheet_id, title),
        CONSTRAINT ck_sheet_tab_cells CHECK ((cells IS NULL) = (fetched_at IS NULL) AND (cells IS NULL) = (content_hash IS NULL))
      );
      COMMENT ON TABLE destiny.sheet_tab IS 'owner=none; erase=none';
      GRANT SELECT ON destiny.sheet_tab TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON destiny.sheet_tab TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE destiny.sheet_tab');
  }
}
