import { randomUUID } from 'node:crypto';
import type { Principal } from '../../src/platform/auth/principal.js';
import { CampaignLinks } from '../../src/tabletop/links/campaign-links.service.js';
import { LinksRepository } from '../../src/tabletop/links/links.repository.js';
import type { Visibility } from '../../src/tabletop/objects/object-kinds.js';
import { LinkEventsRepository } from '../../src/tabletop/relationships/link-events.repository.js';
import { RelationsGraphRepository } from '../../src/tabletop/relationships/relations-graph.repository.js';
import { RelationsGraph } from '../../src/tabletop/relationships/relations-graph.service.js';
import { Relationships } from '../../src/tabletop/relationships/relationships.service.js';
import { aMember } from './notification-world.js';
import { openTabletopWorld, type TabletopWorld } from './tabletop-world.js';
import type { TestUnits } from './units.js';

interface Shown {
  readonly visibility?: Visibility;
  readonly shownTo?: readonly string[];
}

/** Characters and what they are to each other. Rows are written as the owner, as fast as they can be. */
export interface RelationsWorld extends TabletopWorld {
  readonly links: CampaignLinks;
  readonly relationships: Relationships;
  readonly graph: RelationsGraph;
  aStranger(): Principal;
  aCharacterRow(
    campaignId: string,
    shown?: Shown & { ownerId?: string; isDeleted?: boolean; name?: string },
  ): Promise<string>;
  /** With the event that it began with. */
  aRelationRow(
    campaignId: string,
    fromId: string,
    toId: string,
    shown?: Shown & { happenedAt?: Date; type?: string; strength?: number },
  ): Promise<string>;
  /** Characters each of whom knows the next, the last one the first; all for the party. */
  aCircle(campaignId: string, length: number): Promise<string[]>;
}

export function openRelationsWorld(units: TestUnits): RelationsWorld {
  const core = openTabletopWorld(units);
  const links = new CampaignLinks(
    new LinksRepository(),
    core.objectRows,
    core.access,
    core.memberRows,
    core.changes,
  );
  const events = new LinkEventsRepository();
  const { access, changes, idempotency, objects } = core;
  return {
    ...core,
    links,
    relationships: new Relationships(units.app, links, events, access, changes, idempotency),
    graph: new RelationsGraph(units.app, new RelationsGraphRepository(), access, objects),
    aStranger: () => aMember(randomUUID()),
    aCharacterRow: async (
      campaignId,
      { visibility = 'party', shownTo = [], ownerId, isDeleted = false, name } = {},
    ) => {
      const id = randomUUID();
      await units.owner(
        `INSERT INTO tabletop.object (id, campaign_id, kind, name, visibility, shown_to, owner_id, deleted_at)
         VALUES ($1, $2, 'character', $3, $4, $5, $6, CASE WHEN $7 THEN now() END)`,
        [
          id,
          campaignId,
          name ?? `Somebody ${id.slice(0, 4)}`,
          visibility,
          shownTo,
          ownerId ?? null,
          isDeleted,
        ],
      );
      return id;
    },
    aRelationRow: async (campaignId, fromId, toId, shown = {}) => {
      const {
        visibility = 'party',
        shownTo = [],
        happenedAt = new Date(),
        type = 'friend',
        strength = 10,
      } = shown;
      const id = randomUUID();
      await units.owner(
        `WITH made AS (
           INSERT INTO tabletop.link (id, campaign_id, kind, from_id, to_id, type, strength, visibility, shown_to)
           VALUES ($1, $2, 'relationship', $3, $4, $5, $6, $7, $8) RETURNING id, campaign_id)
         INSERT INTO tabletop.link_event (id, campaign_id, link_id, happened_at, type, strength)
         SELECT gen_random_uuid(), campaign_id, id, $9, $5, $6 FROM made`,
        [id, campaignId, fromId, toId, type, strength, visibility, shownTo, happenedAt],
      );
      return id;
    },
    aCircle: async (campaignId, length) => {
      const ids = Array.from({ length }, () => randomUUID());
      await units.owner(
        `INSERT INTO tabletop.object (id, campaign_id, kind, name, visibility)
         SELECT id, $2, 'character', 'Ring ' || place, 'party' FROM unnest($1::uuid[]) WITH ORDINALITY AS t(id, place)`,
        [ids, campaignId],
      );
      await units.owner('ANALYZE tabletop.object'); // or each check of an end reads the whole campaign
      await units.owner(
        `INSERT INTO tabletop.link (id, campaign_id, kind, from_id, to_id, type, visibility)
         SELECT gen_random_uuid(), $2, 'relationship', f.id, t.id, 'knows', 'party'
         FROM unnest($1::uuid[]) WITH ORDINALITY AS f(id, place)
         JOIN unnest($1::uuid[]) WITH ORDINALITY AS t(id, place) ON t.place = f.place % $3::int + 1`,
        [ids, campaignId, length],
      );
      await units.owner('ANALYZE tabletop.link');
      return ids;
    },
  };
}
