import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";
const seats = (roles = ''): string =>
  `ARRAY(SELECT m.campaign_id FROM tabletop.membership m WHERE m.user_id = ${SCOPE} AND m.suspended_at IS NULL${roles})`;
const MEMBERS = seats();
const MASTERS = seats(" AND m.role = 'gm'");
const PLAYERS = seats(" AND m.role = 'player'");
const granted = (levels: string): string =>
  `ARRAY(SELECT g.object_id FROM tabletop.access_grant g WHERE g.user_id = ${SCOPE} AND g.expires_at > now()${levels})`;
const OWN = `ARRAY(SELECT o.id FROM tabletop.object o WHERE o.owner_id = ${SCOPE} AND o.deleted_at IS NULL)`;
const SHEET_WRITTEN = `((campaign_id = ANY (${PLAYERS}) AND object_id = ANY (${OWN})) OR object_id = ANY (${granted(" AND g.level = 'write'")}))`;
const OWN_THINGS = `(campaign_id = ANY (${PLAYERS}) AND character_id = ANY (${OWN}))`;
const HANDED = `(campaign_id = ANY (${PLAYERS}) AND (character_id = ANY (${OWN}) OR handed_by = ${SCOPE}))`;

export class TabletopCreateCharacterSheets1764120100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- How a character is played. Not among its details, which whoever sees the character may read and search: of somebody whom the party has met it
      -- knows the face, not the numbers.
      CREATE TABLE tabletop.character_sheet (
        object_id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        is_open boolean NOT NULL,
        sheet jsonb,
        voice jsonb NOT NULL DEFAULT '{}',
        guidance jsonb NOT NULL DEFAULT '{}',
        xp integer NOT NULL DEFAULT 0,
        level smallint,
        progress jsonb NOT NULL DEFAULT '[]',
        version integer NOT NULL DEFAULT 0,
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_character_sheet PRIMARY KEY (object_id),
        CONSTRAINT fk_character_sheet_object FOREIGN KEY (campaign_id, object_id) REFERENCES tabletop.object (campaign_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_character_sheet_xp CHECK (xp >= 0),
        CONSTRAINT ck_character_sheet_level CHECK (level >= 0 AND level <= 1000)
      );
      CREATE INDEX ix_character_sheet_campaign ON tabletop.character_sheet (campaign_id, object_id);
      COMMENT ON TABLE tabletop.character_sheet IS 'owner=none; erase=tabletop-campaigns';
      ALTER TABLE tabletop.character_sheet ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY master_rows ON tabletop.character_sheet TO ${app}
        USING (campaign_id = ANY (${MASTERS})) WITH CHECK (campaign_id = ANY (${MASTERS}));
      CREATE POLICY member_reads ON tabletop.character_sheet FOR SELECT TO ${app} USING (
        campaign_id = ANY (${MEMBERS}) AND EXISTS (SELECT FROM tabletop.object o WHERE o.id = character_sheet.object_id AND o.deleted_at IS NULL
          AND (character_sheet.is_open OR o.owner_id = ${SCOPE} OR o.id = ANY (${granted('')}))));
      CREATE POLICY player_adds ON tabletop.character_sheet FOR INSERT TO ${app}
        WITH CHECK (campaign_id = ANY (${PLAYERS}) AND object_id = ANY (${OWN}));
      CREATE POLICY player_changes ON tabletop.character_sheet FOR UPDATE TO ${app} USING ${SHEET_WRITTEN} WITH CHECK ${SHEET_WRITTEN};
      CREATE POLICY platform_work ON tabletop.character_sheet TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE ON tabletop.character_sheet TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON tabletop.character_sheet TO ${system};

      -- What a character carries. Who handed something over goes on seeing it, so that one can tell what became of it.
      CREATE TABLE tabletop.inventory_entry (
        id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        character_id uuid NOT NULL,
        item_id uuid,
        name text NOT NULL,
        quantity integer NOT NULL,
        is_equipped boolean NOT NULL DEFAULT false,
        weight_lb double precision,
        value_cp bigint,
        notes text NOT NULL DEFAULT '',
        handed_by uuid,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_inventory_entry PRIMARY KEY (id),
        CONSTRAINT fk_inventory_entry_character FOREIGN KEY (campaign_id, character_id) REFERENCES tabletop.object (campaign_id, id) ON DELETE CASCADE,
        CONSTRAINT fk_inventory_entry_item FOREIGN KEY (campaign_id, item_id) REFERENCES tabletop.object (campaign_id, id) ON DELETE SET NULL (item_id),
        CONSTRAINT ck_inventory_entry_quantity CHECK (quantity >= 1),
        CONSTRAINT ck_inventory_entry_worth CHECK (weight_lb >= 0 AND value_cp >= 0)
      );
      CREATE INDEX ix_inventory_entry_character ON tabletop.inventory_entry (campaign_id, character_id, id);
      CREATE INDEX ix_inventory_entry_item ON tabletop.inventory_entry (campaign_id, item_id) WHERE item_id IS NOT NULL;
      CREATE INDEX ix_inventory_entry_hand ON tabletop.inventory_entry (handed_by) WHERE handed_by IS NOT NULL;
      COMMENT ON TABLE tabletop.inventory_entry IS 'owner=none; erase=tabletop-characters';
      ALTER TABLE tabletop.inventory_entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY master_rows ON tabletop.inventory_entry TO ${app}
        USING (campaign_id = ANY (${MASTERS})) WITH CHECK (campaign_id = ANY (${MASTERS}));
      CREATE POLICY member_reads ON tabletop.inventory_entry FOR SELECT TO ${app} USING (campaign_id = ANY (${MEMBERS})
        AND (handed_by = ${SCOPE} OR EXISTS (SELECT FROM tabletop.character_sheet s WHERE s.object_id = inventory_entry.character_id)));
      CREATE POLICY player_adds ON tabletop.inventory_entry FOR INSERT TO ${app} WITH CHECK ${HANDED};
      CREATE POLICY player_changes ON tabletop.inventory_entry FOR UPDATE TO ${app} USING ${OWN_THINGS} WITH CHECK ${HANDED};
      CREATE POLICY player_removes ON tabletop.inventory_entry FOR DELETE TO ${app} USING ${OWN_THINGS};
      CREATE POLICY platform_work ON tabletop.inventory_entry TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE, DELETE ON tabletop.inventory_entry TO ${app};
      GRANT SELECT, INSERT, UPDATE (handed_by), DELETE ON tabletop.inventory_entry TO ${system};

      -- What a player would change of a character where a master has the last word.
      CREATE TABLE tabletop.proposal (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        object_id uuid NOT NULL,
        patch jsonb NOT NULL,
        before jsonb NOT NULL,
        status text NOT NULL DEFAULT 'open',
        reason text NOT NULL DEFAULT '',
        created_at timestamptz NOT NULL DEFAULT now(),
        decided_at timestamptz,
        CONSTRAINT pk_proposal PRIMARY KEY (id),
        CONSTRAINT fk_proposal_object FOREIGN KEY (campaign_id, object_id) REFERENCES tabletop.object (campaign_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_proposal_status CHECK (status = ANY (ARRAY['open'::text, 'accepted'::text, 'rejected'::text])),
        CONSTRAINT ck_proposal_decided CHECK ((status = 'open') = (decided_at IS NULL))
      );
      CREATE INDEX ix_proposal_object ON tabletop.proposal (campaign_id, object_id, id);
      CREATE INDEX ix_proposal_user ON tabletop.proposal (user_id, id);
      COMMENT ON TABLE tabletop.proposal IS 'owner=user; erase=tabletop-characters';
      ALTER TABLE tabletop.proposal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON tabletop.proposal FOR SELECT TO ${app} USING (user_id = ${SCOPE});
      CREATE POLICY own_adds ON tabletop.proposal FOR INSERT TO ${app}
        WITH CHECK (user_id = ${SCOPE} AND status = 'open' AND campaign_id = ANY (${MEMBERS}));
      CREATE POLICY own_removes ON tabletop.proposal FOR DELETE TO ${app} USING (user_id = ${SCOPE} AND status = 'open');
      CREATE POLICY master_rows ON tabletop.proposal TO ${app}
        USING (campaign_id = ANY (${MASTERS})) WITH CHECK (campaign_id = ANY (${MASTERS}));
      CREATE POLICY platform_work ON tabletop.proposal TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE, DELETE ON tabletop.proposal TO ${app};
      GRANT SELECT, DELETE ON tabletop.proposal TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tabletop.proposal, tabletop.inventory_entry, tabletop.character_sheet');
  }
}
