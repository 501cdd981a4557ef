import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TabletopCreateObjectVectors1764162000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ system }] = (await runner.query("SELECT quote_ident(current_user || '_system') AS system")) as [
      { system: string },
    ];
    await runner.query(`
      -- What a model makes of an object's texts. Plain numbers, so that the schema is the same with and without pgvector; empty = the model took none of it.
      CREATE TABLE tabletop.object_vector (
        object_id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        model text NOT NULL,
        object_version integer NOT NULL,
        embedding real[] NOT NULL,
        CONSTRAINT pk_object_vector PRIMARY KEY (object_id),
        CONSTRAINT fk_object_vector_object FOREIGN KEY (campaign_id, object_id) REFERENCES tabletop.object (campaign_id, id) ON DELETE CASCADE
      );
      CREATE INDEX ix_object_vector_campaign ON tabletop.object_vector (campaign_id);
      COMMENT ON TABLE tabletop.object_vector IS 'owner=none; erase=tabletop-campaigns';
      ALTER TABLE tabletop.object_vector ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY platform_work ON tabletop.object_vector TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE, DELETE ON tabletop.object_vector TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tabletop.object_vector');
  }
}
