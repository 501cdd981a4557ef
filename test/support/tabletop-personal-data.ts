import { randomUUID } from 'node:crypto';
import type { Canary } from './personal-data.js';

/** Words of a person in every place of the tabletop that holds what persons say, in a campaign of their own. @param run SQL as the owner */
export async function plantTabletopCanaries(
  run: (sql: string, values: unknown[]) => Promise<object[]>,
  userId: string,
  canary: Canary,
): Promise<void> {
  const [campaignId, objectId] = [randomUUID(), randomUUID()];
  const json = (place: string): string => JSON.stringify({ text: canary(place) });
  await run(
    `WITH scope AS MATERIALIZED (SELECT set_config('app.user_id', $2, true))
     INSERT INTO tabletop.campaign (id, user_id, name, description, tone, calendar) SELECT $1::uuid, $2::uuid, $3, $4, $5, $6 FROM scope`,
    [
      campaignId,
      userId,
      canary('campaign-name'),
      canary('campaign-description'),
      json('campaign-tone'),
      json('campaign-calendar'),
    ],
  );
  await run('UPDATE tabletop.membership SET display_name = $2 WHERE user_id = $1', [
    userId,
    canary('seat-name'),
  ]);
  await run(
    `INSERT INTO tabletop.object (id, campaign_id, kind, name, summary, body, details, tags, aliases, owner_id, created_by)
     VALUES ($1, $2, 'character', $4, $5, $6, $7, ARRAY[$8], ARRAY[$9], $3, $3)`,
    [
      objectId,
      campaignId,
      userId,
      canary('object-name'),
      canary('object-summary'),
      canary('object-body'),
      json('object-details'),
      canary('object-tag'),
      canary('object-alias'),
    ],
  );
  await run(
    'INSERT INTO tabletop.saved_search (id, user_id, campaign_id, name, query) VALUES (gen_random_uuid(), $1, $2, $3, $4)',
    [userId, campaignId, canary('saved-search-name'), json('saved-search-query')],
  );
  await run('INSERT INTO tabletop.recent_search (user_id, campaign_id, query) VALUES ($1, $2, $3)', [
    userId,
    campaignId,
    canary('recent-search'),
  ]);
  await run(
    `INSERT INTO tabletop.change (campaign_id, object_id, kind, actor_id, action, before, after) VALUES ($1, $2, 'character', $3, 'changed', $4, $5)`,
    [campaignId, objectId, userId, json('change-before'), json('change-after')],
  );
  await run(
    `INSERT INTO tabletop.proposal (id, user_id, campaign_id, object_id, patch, before, status, reason, decided_at)
     VALUES ($1, $2, $3, $4, $5, $6, 'rejected', $7, now())`,
    [
      randomUUID(),
      userId,
      campaignId,
      objectId,
      json('proposal-patch'),
      json('proposal-before'),
      canary('proposal-reason'),
    ],
  );
  await run(
    `INSERT INTO tabletop.import (id, campaign_id, imported_by, source, kind, state, objects, conflicts, report, error, finished_at)
     VALUES (gen_random_uuid(), $1, $2, 'json', 'note', 'failed', $3, $4, $5, $6, now())`,
    [
      campaignId,
      userId,
      json('import-objects'),
      json('import-conflicts'),
      json('import-report'),
      canary('import-error'),
    ],
  );
  await run(
    `INSERT INTO tabletop.import_source (id, campaign_id, object_id, source, source_key, imported_by, mapped)
     VALUES (gen_random_uuid(), $1, $2, 'json', $4, $3, '\\x00')`,
    [campaignId, objectId, userId, canary('import-source-key')],
  );
}
