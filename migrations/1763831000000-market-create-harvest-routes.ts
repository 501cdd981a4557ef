import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";

export class MarketCreateHarvestRoutes1763831000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- A way round that somebody keeps. Its owner changes it; everybody reads it once it is public.
      CREATE TABLE market.harvest_route (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        game_id smallint NOT NULL,
        name text NOT NULL,
        description text,
        job_ids integer[] NOT NULL,
        resource_ids integer[] NOT NULL,
        steps jsonb NOT NULL,
        is_public boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_harvest_route PRIMARY KEY (id),
        CONSTRAINT fk_harvest_route_game FOREIGN KEY (game_id) REFERENCES market.game (id)
      );
      CREATE INDEX ix_harvest_route_user ON market.harvest_route (user_id, game_id, id);
      CREATE INDEX ix_harvest_route_public ON market.harvest_route (game_id, id) WHERE is_public;
      COMMENT ON TABLE market.harvest_route IS 'owner=user; erase=harvest-routes';
      ALTER TABLE market.harvest_route ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON market.harvest_route TO ${app}
        USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      CREATE POLICY public_rows ON market.harvest_route FOR SELECT TO ${app} USING (is_public);
      CREATE POLICY data_rights ON market.harvest_route TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE, DELETE ON market.harvest_route TO ${app};
      GRANT SELECT, DELETE ON market.harvest_route TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE market.harvest_route');
  }
}
