import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";
const seats = (roles = ''): string =>
  `ARRAY(SELECT m.campaign_id FROM tabletop.membership m WHERE m.user_id = ${SCOPE} AND m.suspended_at IS NULL${roles})`;
const MEMBERS = seats();
const MASTERS = seats(" AND m.role = 'gm'");

export class TabletopCreatePlotBeats1764130000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- Milestones of a thread of the story, and hooks that foreshadow it. A row keeps the session that it names when that is gone: no foreign key.
      CREATE TABLE tabletop.plot_beat (
        id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        plot_id uuid NOT NULL,
        kind text NOT NULL,
        title text NOT NULL,
        note text NOT NULL DEFAULT '',
        visibility text NOT NULL DEFAULT 'gm',
        planted_in uuid,
        planted_day bigint,
        due_session integer,
        due_day bigint,
        discovered_by uuid[] NOT NULL DEFAULT '{}',
        is_done boolean NOT NULL DEFAULT false,
        done_in uuid,
        done_day bigint,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_plot_beat PRIMARY KEY (id),
        CONSTRAINT fk_plot_beat_plot FOREIGN KEY (campaign_id, plot_id) REFERENCES tabletop.object (campaign_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_plot_beat_kind CHECK (kind = ANY (ARRAY['milestone'::text, 'hook'::text])),
        -- What foreshadows is no foreshadowing once it is told.
        CONSTRAINT ck_plot_beat_visibility CHECK (visibility = 'gm'::text OR (visibility = 'party'::text AND kind = 'milestone'::text)),
        CONSTRAINT ck_plot_beat_done CHECK (is_done OR (done_in IS NULL AND done_day IS NULL))
      );
      CREATE INDEX ix_plot_beat_plot ON tabletop.plot_beat (campaign_id, plot_id, kind, id);
      COMMENT ON TABLE tabletop.plot_beat IS 'owner=none; erase=tabletop-campaigns';
      ALTER TABLE tabletop.plot_beat ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY master_rows ON tabletop.plot_beat TO ${app} USING (campaign_id = ANY (${MASTERS})) WITH CHECK (campaign_id = ANY (${MASTERS}));
      -- With its thread alone: the subquery is under the policies of objects.
      CREATE POLICY member_reads ON tabletop.plot_beat FOR SELECT TO ${app} USING (
        visibility = 'party' AND campaign_id = ANY (${MEMBERS})
        AND EXISTS (SELECT FROM tabletop.object o WHERE o.id = plot_beat.plot_id AND o.deleted_at IS NULL));
      CREATE POLICY platform_work ON tabletop.plot_beat TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE, DELETE ON tabletop.plot_beat TO ${app}, ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tabletop.plot_beat');
  }
}
