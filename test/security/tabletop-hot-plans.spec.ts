import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Statement } from '../../src/platform/database/unit-of-work.js';
import { CampaignsRepository } from '../../src/tabletop/campaigns/campaigns.repository.js';
import { LocationsRepository } from '../../src/tabletop/locations/locations.repository.js';
import { MapMarkersRepository } from '../../src/tabletop/maps/map-markers.repository.js';
import { GrantsRepository } from '../../src/tabletop/members/grants.repository.js';
import { InvitesRepository } from '../../src/tabletop/members/invites.repository.js';
import { ChangesRepository } from '../../src/tabletop/objects/changes.repository.js';
import { OBJECT_KINDS } from '../../src/tabletop/objects/object-kinds.js';
import { ObjectsRepository } from '../../src/tabletop/objects/objects.repository.js';
import { PlotBeatsRepository } from '../../src/tabletop/plots/plot-beats.repository.js';
import { PlotsRepository } from '../../src/tabletop/plots/plots.repository.js';
import { SecretsRepository } from '../../src/tabletop/secrets/secrets.repository.js';
import { SessionsRepository } from '../../src/tabletop/sessions/sessions.repository.js';
import { TimelineRepository } from '../../src/tabletop/timeline/timeline.repository.js';
import { indexes, planOf, readWhole } from '../support/plans.js';
import { openUnits, type TestUnits } from '../support/units.js';

/** What people at tables wait for, planned under row-level security beside 4,000 campaigns, forty of them with five hundred objects each: by an index, always. */
let units: TestUnits;

const id = (kind: string, campaign: number, number: number): string =>
  `${kind}-${campaign.toString(16).padStart(4, '0')}-7000-8000-${number.toString(16).padStart(12, '0')}`;
const [CAMPAIGN, OBJECT, PERSON] = ['01890011', '01890012', '01890013'];
const sqlId = (kind: string, number = 'n'): string =>
  `('${kind}-' || lpad(to_hex(c), 4, '0') || '-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
const each = (numbers: number): string => `generate_series(1, 40) c, generate_series(1, ${numbers}) n`;
const A_CAMPAIGN = id(CAMPAIGN, 7, 0);
const AN_OBJECT = id(OBJECT, 7, 9);
const MASTER = { id: id(PERSON, 7, 1) };
const PLAYER = { id: id(PERSON, 7, 2) };

beforeAll(async () => {
  units = await openUnits();
  await units.owner(`
    ALTER TABLE tabletop.campaign DISABLE TRIGGER seat_founder;
    INSERT INTO tabletop.campaign (id, user_id, name) SELECT ${sqlId(CAMPAIGN, '0')}, ${sqlId(PERSON, '1')}, 'Campaign' FROM generate_series(1, 4000) c;
    INSERT INTO tabletop.membership (campaign_id, user_id, role, display_name)
      SELECT ${sqlId(CAMPAIGN, '0')}, ${sqlId(PERSON)}, CASE n WHEN 1 THEN 'gm' WHEN 2 THEN 'player' ELSE 'observer' END, 'Member' FROM generate_series(1, 4000) c, generate_series(1, 6) n;
    INSERT INTO tabletop.object (id, campaign_id, kind, name, visibility)
      SELECT ${sqlId(OBJECT)}, ${sqlId(CAMPAIGN, '0')}, (ARRAY['character', 'location', 'item', 'note', 'plot'])[1 + n % 5], 'Thing ' || n,
        CASE WHEN n % 3 = 0 THEN 'gm' ELSE 'party' END FROM ${each(500)};
    UPDATE tabletop.object SET parent_id = (left(id::text, 24) || lpad(to_hex(1 + abs(hashtext(id::text)) % 50), 12, '0'))::uuid
      WHERE right(id::text, 4) > '0040';
    INSERT INTO tabletop.link (id, campaign_id, kind, from_id, to_id, visibility)
      SELECT gen_random_uuid(), ${sqlId(CAMPAIGN, '0')}, (ARRAY['edge', 'visit', 'relationship'])[1 + n % 3], ${sqlId(OBJECT)}, ${sqlId(OBJECT, '1 + n % 50')}, 'party'
      FROM ${each(500)} WHERE n > 50;
    INSERT INTO tabletop.plot_beat (id, campaign_id, plot_id, kind, title, visibility)
      SELECT gen_random_uuid(), ${sqlId(CAMPAIGN, '0')}, ${sqlId(OBJECT)}, 'milestone', 'It rang', 'party' FROM ${each(500)} WHERE n % 5 = 4;
    INSERT INTO tabletop.map_marker (id, campaign_id, map_id, kind, name, x, y, is_hidden, foreign_id)
      SELECT gen_random_uuid(), ${sqlId(CAMPAIGN, '0')}, ${sqlId(OBJECT)}, 'pin', 'Here', 1, 1, n % 2 = 0, n::text FROM ${each(500)};
    INSERT INTO tabletop.secret (id, campaign_id, object_id, field, value)
      SELECT gen_random_uuid(), ${sqlId(CAMPAIGN, '0')}, ${sqlId(OBJECT)}, 'truth', '\\x00' FROM ${each(100)};
    INSERT INTO tabletop.access_grant (id, campaign_id, object_id, user_id, level, expires_at)
      SELECT gen_random_uuid(), ${sqlId(CAMPAIGN, '0')}, ${sqlId(OBJECT)}, ${sqlId(PERSON, '2')}, 'read', now() + interval '1 day' FROM ${each(50)};
    INSERT INTO tabletop.invite (id, campaign_id, code_digest, role, most_uses, expires_at)
      SELECT gen_random_uuid(), ${sqlId(CAMPAIGN, '0')}, sha256((c || ' ' || n)::bytea), 'player', 1, now() + interval '1 day' FROM ${each(20)};
    INSERT INTO tabletop.change (campaign_id, object_id, kind, action)
      SELECT ${sqlId(CAMPAIGN, '0')}, ${sqlId(OBJECT)}, 'note', 'changed' FROM ${each(500)};
    ANALYZE`);
}, 60_000);

afterAll(() => units.close());

const campaigns = new CampaignsRepository();
const objects = new ObjectsRepository();
const places = new LocationsRepository();
const WHENEVER = {
  by: 'world',
  kinds: null,
  fromDay: null,
  toDay: null,
  fromDate: null,
  toDate: null,
  about: [],
} as const;
const notes = { kinds: ['note'] } as const;

describe.each([
  ['a master', MASTER],
  ['a player', PLAYER],
])('%s', (_who, person) => {
  it.each<[string, Statement, RegExp]>([
    ['own seats', campaigns.listSeated(person.id, null, 51), /ix_membership_user/],
    ['a seat', campaigns.seat(person.id, A_CAMPAIGN), /pk_campaign/],
    ['an object', objects.find(AN_OBJECT), /pk_object/],
    ['the list of a kind', objects.listPage(A_CAMPAIGN, notes, null, 51), /ix_object_kind_name/],
    ['the list of all kinds', objects.listPage(A_CAMPAIGN, { kinds: OBJECT_KINDS }, null, 51), /ix_object_name/], // prettier-ignore
    [
      'the next page of it',
      objects.listPage(A_CAMPAIGN, notes, ['Thing 2', AN_OBJECT], 51),
      /ix_object_kind/,
    ],
    ['what lies in something', objects.listPage(A_CAMPAIGN, { ...notes, parentId: AN_OBJECT }, null, 51), /ix_object_parent/], // prettier-ignore
    [
      'secrets of an object',
      new SecretsRepository().listOf([AN_OBJECT]),
      /uq_secret_field|ix_secret_campaign/,
    ],
    ['the log', new ChangesRepository().listPage(A_CAMPAIGN, {}, null, 51), /ix_change_campaign/],
    ['the log of an object', new ChangesRepository().listPage(A_CAMPAIGN, { objectId: AN_OBJECT }, null, 51), /ix_change_object/], // prettier-ignore
    ['grants', new GrantsRepository().listPage(A_CAMPAIGN, null, null, 51), /ix_access_grant_campaign/],
    ['places around a place', places.around(AN_OBJECT), /pk_object/],
    ['the tree of places', places.tree(A_CAMPAIGN, null, 20_001), /ix_object_kind/],
    ['the tree within a place', places.tree(A_CAMPAIGN, AN_OBJECT, 20_001), /ix_object_parent/],
    ['places within a place', places.within(A_CAMPAIGN, AN_OBJECT, 200), /ix_object_parent/],
    ['ways between places', places.ways(A_CAMPAIGN), /ix_link_(?:kind|from|to)/],
    ['sessions', new SessionsRepository().listPage(A_CAMPAIGN, null, 51), /ix_object_kind/],
    ['milestones', new PlotBeatsRepository().listPage(A_CAMPAIGN, AN_OBJECT, 'milestone', null, 51), /ix_plot_beat_plot/], // prettier-ignore
    ['pins and tokens', new MapMarkersRepository().listPage(A_CAMPAIGN, AN_OBJECT, null, null, 51), /ix_map_marker_map/], // prettier-ignore
    [
      'what happened when',
      new TimelineRepository().listPage(A_CAMPAIGN, WHENEVER, null, 51),
      /ix_object_kind/,
    ],
    ['threads to think of', new PlotsRepository().threads(A_CAMPAIGN), /ix_object_kind/],
    ['invitations', new InvitesRepository().listInvites(A_CAMPAIGN), /ix_invite_campaign/],
  ])('finds %s by an index', async (_what, statement, index) => {
    await units.app.run(person, async (tx) => {
      const plan = await planOf(tx, statement);
      expect(readWhole(plan, new Set())).toEqual([]);
      expect(indexes(plan).join()).toMatch(index);
    });
  });
});
