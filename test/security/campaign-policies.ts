// Campaigns have many readers, so their policies ask more than whose a row is. What each says is written here in words; a policy of the schema that
// says anything else fails the catalogue's test.

const CALLER = `( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")`;
const seats = (more: string): string =>
  `(ARRAY( SELECT m.campaign_id FROM tabletop.membership m WHERE ((m.user_id = ${CALLER}) AND (m.suspended_at IS NULL)${more})))`;
const grants = (more: string): string =>
  `(ARRAY( SELECT g.object_id FROM tabletop.access_grant g WHERE ((g.user_id = ${CALLER}) AND (g.expires_at > now())${more})))`;

const OWN = `(ARRAY( SELECT o.id FROM tabletop.object o WHERE ((o.owner_id = ${CALLER}) AND (o.deleted_at IS NULL))))`;

/** The longer ones first, since they hold the shorter. */
const WORDS: readonly (readonly [sql: string, word: string])[] = [
  [seats(" AND (m.role = 'gm'::text)"), 'MASTERED'],
  [seats(" AND (m.role = 'player'::text)"), 'PLAYED'],
  [seats(''), 'SEATED'],
  [grants(" AND (g.level = 'write'::text)"), 'LENT_FOR_WRITING'],
  [grants(''), 'LENT'],
  [OWN, 'OWN'],
  [CALLER, 'CALLER'],
];

export interface PolicyText {
  readonly using: string | null;
  readonly check: string | null;
}

/** A policy's conditions with what PostgreSQL prints of seats, grants and the caller said in a word each. */
export function inWords({ using, check }: PolicyText): PolicyText {
  const said = (text: string | null): string | null =>
    text && WORDS.reduce((rest, [sql, word]) => rest.replaceAll(sql, word), text.replaceAll(/\s+/g, ' '));
  return { using: said(using), check: said(check) };
}

const MASTERED = '(campaign_id = ANY MASTERED)';
const PLAYERS_OWN =
  '(((owner_id = CALLER) AND (campaign_id = ANY PLAYED)) OR ((deleted_at IS NULL) AND (campaign_id = ANY SEATED) AND (id = ANY LENT_FOR_WRITING)))';

const LINKED_BY_PLAYER = '((campaign_id = ANY PLAYED) AND (from_id = ANY OWN))';
const TOLD_BY_PLAYER =
  '((campaign_id = ANY PLAYED) AND (EXISTS ( SELECT FROM tabletop.link l WHERE ((l.id = link_event.link_id) AND (l.from_id = ANY OWN)))))';

const seesMap = (table: string): string =>
  `(EXISTS ( SELECT FROM tabletop.object o WHERE ((o.id = ${table}.map_id) AND (o.deleted_at IS NULL))))`;
/** The policies of tabletop.object say which there are. */
const NAMES_SOMETHING_SEEN = '(EXISTS ( SELECT FROM tabletop.object o WHERE (o.id = learnt_name.object_id)))';
const SHEET_BY_PLAYER =
  '(((campaign_id = ANY PLAYED) AND (object_id = ANY OWN)) OR (object_id = ANY LENT_FOR_WRITING))';
const CARRIED_BY_OWN = '((campaign_id = ANY PLAYED) AND (character_id = ANY OWN))';
const HANDED_BY_CALLER =
  '((campaign_id = ANY PLAYED) AND ((character_id = ANY OWN) OR (handed_by = CALLER)))';

/** Of tables whose rows are a campaign's. */
export const MASTERS_ALONE: PolicyText = { using: MASTERED, check: MASTERED };

export const CAMPAIGN_POLICIES: Readonly<Record<string, PolicyText>> = {
  'tabletop.campaign.member_reads': { using: '(id = ANY SEATED)', check: null },
  'tabletop.campaign.master_writes': { using: '(id = ANY MASTERED)', check: '(id = ANY MASTERED)' },
  'tabletop.invite.master_rows': MASTERS_ALONE,
  'tabletop.import.master_rows': MASTERS_ALONE,
  'tabletop.import.own_imports': {
    using: '((imported_by = CALLER) AND (campaign_id = ANY SEATED))',
    check: '((imported_by = CALLER) AND (campaign_id = ANY SEATED))',
  },
  'tabletop.import_source.master_rows': MASTERS_ALONE,
  'tabletop.import_source.own_imports': {
    using: '((imported_by = CALLER) AND (campaign_id = ANY SEATED))',
    check: '((imported_by = CALLER) AND (campaign_id = ANY SEATED))',
  },
  'tabletop.discord_channel.master_rows': MASTERS_ALONE,
  'tabletop.discord_post.master_rows': MASTERS_ALONE,
  'tabletop.discord_part.master_rows': MASTERS_ALONE,
  'tabletop.access_grant.master_rows': MASTERS_ALONE,
  'tabletop.object.master_rows': MASTERS_ALONE,
  'tabletop.object.member_reads': {
    using:
      "(((campaign_id = ANY SEATED) AND ((owner_id = CALLER) OR ((deleted_at IS NULL) AND ((visibility = ANY (ARRAY['party'::text, 'public'::text])) OR " +
      "(CALLER = ANY (shown_to)) OR (id = ANY LENT))))) OR ((deleted_at IS NULL) AND (visibility = 'public'::text) AND (CALLER IS NOT NULL) AND " +
      'tabletop.is_open(campaign_id)))',
    check: null,
  },
  'tabletop.object.player_adds': {
    using: null,
    check: '((owner_id = CALLER) AND (campaign_id = ANY PLAYED))',
  },
  'tabletop.object.player_writes': { using: PLAYERS_OWN, check: PLAYERS_OWN },
  'tabletop.secret.master_rows': MASTERS_ALONE,
  'tabletop.secret.shown_reads': {
    using: '((campaign_id = ANY SEATED) AND (CALLER = ANY (shown_to)))',
    check: null,
  },
  'tabletop.generation.master_rows': MASTERS_ALONE,
  'tabletop.change.master_reads': { using: MASTERED, check: null },
  'tabletop.change.member_adds': {
    using: null,
    check: '((actor_id = CALLER) AND (campaign_id = ANY SEATED))',
  },
  'tabletop.learnt_name.master_rows': MASTERS_ALONE,
  'tabletop.learnt_name.member_reads': {
    using: `((NOT is_for_masters) AND (campaign_id = ANY SEATED) AND ${NAMES_SOMETHING_SEEN})`,
    check: null,
  },
  'tabletop.learnt_name.player_adds': {
    using: null,
    check: `((NOT is_for_masters) AND (campaign_id = ANY PLAYED) AND ${NAMES_SOMETHING_SEEN})`,
  },
  'tabletop.link.master_rows': MASTERS_ALONE,
  'tabletop.link.member_reads': {
    using:
      "((campaign_id = ANY SEATED) AND ((visibility = ANY (ARRAY['party'::text, 'public'::text])) OR (CALLER = ANY (shown_to))))",
    check: null,
  },
  'tabletop.link.player_adds': { using: null, check: LINKED_BY_PLAYER },
  'tabletop.link.player_changes': { using: LINKED_BY_PLAYER, check: LINKED_BY_PLAYER },
  'tabletop.link.player_removes': { using: LINKED_BY_PLAYER, check: null },
  'tabletop.link_event.master_rows': MASTERS_ALONE,
  'tabletop.link_event.member_reads': {
    using: '(EXISTS ( SELECT FROM tabletop.link l WHERE (l.id = link_event.link_id)))',
    check: null,
  },
  'tabletop.battle_map.master_rows': MASTERS_ALONE,
  'tabletop.battle_map.member_reads': { using: seesMap('battle_map'), check: null },
  'tabletop.map_plan.master_rows': MASTERS_ALONE,
  'tabletop.map_marker.master_rows': MASTERS_ALONE,
  'tabletop.map_marker.member_reads': {
    using: `((NOT is_hidden) AND ${seesMap('map_marker')})`,
    check: null,
  },
  'tabletop.plot_beat.master_rows': MASTERS_ALONE,
  'tabletop.plot_beat.member_reads': {
    using:
      "((visibility = 'party'::text) AND (campaign_id = ANY SEATED) AND (EXISTS ( SELECT FROM tabletop.object o WHERE ((o.id = plot_beat.plot_id) AND (o.deleted_at IS NULL)))))",
    check: null,
  },
  'tabletop.link_event.player_adds': { using: null, check: TOLD_BY_PLAYER },
  'tabletop.link_event.player_removes': { using: TOLD_BY_PLAYER, check: null },
  'tabletop.character_sheet.master_rows': MASTERS_ALONE,
  'tabletop.character_sheet.member_reads': {
    using:
      '((campaign_id = ANY SEATED) AND (EXISTS ( SELECT FROM tabletop.object o WHERE ((o.id = character_sheet.object_id) AND (o.deleted_at IS NULL) ' +
      'AND (character_sheet.is_open OR (o.owner_id = CALLER) OR (o.id = ANY LENT))))))',
    check: null,
  },
  'tabletop.character_sheet.player_adds': {
    using: null,
    check: '((campaign_id = ANY PLAYED) AND (object_id = ANY OWN))',
  },
  'tabletop.character_sheet.player_changes': { using: SHEET_BY_PLAYER, check: SHEET_BY_PLAYER },
  'tabletop.inventory_entry.master_rows': MASTERS_ALONE,
  'tabletop.inventory_entry.member_reads': {
    using:
      '((campaign_id = ANY SEATED) AND ((handed_by = CALLER) OR (EXISTS ( SELECT FROM tabletop.character_sheet s ' +
      'WHERE (s.object_id = inventory_entry.character_id)))))',
    check: null,
  },
  'tabletop.inventory_entry.player_adds': { using: null, check: HANDED_BY_CALLER },
  'tabletop.inventory_entry.player_changes': { using: CARRIED_BY_OWN, check: HANDED_BY_CALLER },
  'tabletop.inventory_entry.player_removes': { using: CARRIED_BY_OWN, check: null },
  'tabletop.proposal.own_adds': {
    using: null,
    check: "((user_id = CALLER) AND (status = 'open'::text) AND (campaign_id = ANY SEATED))",
  },
  'tabletop.proposal.own_removes': { using: "((user_id = CALLER) AND (status = 'open'::text))", check: null },
  'tabletop.proposal.master_rows': MASTERS_ALONE,
};
