import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actorHashOf, detailHashOf } from '../../src/platform/audit/audit-chain.js';
import { plantRunningCanaries } from './running-personal-data.js';
import { plantTabletopCanaries } from './tabletop-personal-data.js';
import { queryRows } from './table-counts.js';

/** A word that stands in one place of the world only. */
export type Canary = (place: string) => string;

/** Puts words of a person into every place that holds what persons say, and one file into the store. @returns the file's id */
export async function plantCanaries(
  databaseUrl: string,
  filesDir: string,
  accountId: string,
  canary: Canary,
): Promise<string> {
  const run = (sql: string, values: unknown[]): Promise<object[]> => queryRows(databaseUrl, sql, values);
  const [id, fileId, importId, requestId] = [accountId, randomUUID(), randomUUID(), canary('request-id')];
  const json = (place: string): string => JSON.stringify({ text: canary(place) });
  const job = `INSERT INTO platform.job (id, user_id, name, queue, payload, error, progress, state, finished_at)
    VALUES ($1, $2, 'spec.ended', 'market', $3, $4, $5, 'dead', now())`;
  await run(job, [randomUUID(), id, json('job-payload'), canary('job-error'), json('job-progress')]);
  const system = '00000000-0000-7000-8000-000000000003';
  await run(job, [
    randomUUID(),
    system,
    JSON.stringify({ accountId: id }),
    canary('mail-error'),
    json('mail-progress'),
  ]);
  await run(
    `INSERT INTO platform.idempotency_key (user_id, route, key, body_hash, status, response)
     VALUES ($1, 'POST /spec', $2, '\\x00', 200, $3)`,
    [id, canary('idempotency-key'), json('idempotency-response')],
  );
  const detail = {
    userId: id,
    before: { text: canary('audit-before') },
    after: { text: canary('audit-after') },
  };
  const actor = { actorId: id, sessionId: canary('audit-session'), requestId: canary('audit-request') };
  const salt = Buffer.alloc(16, 7);
  await run(
    `SELECT platform.record_audit('spec.thing-changed', 'spec.thing', '1', $1, $2, $3, $4, $5, $1, $6, $7, $4, $8)`,
    [
      id,
      json('audit-before'),
      json('audit-after'),
      salt,
      detailHashOf(salt, detail),
      actor.sessionId,
      actor.requestId,
      actorHashOf(salt, actor),
    ],
  );
  await run(
    `INSERT INTO identity.api_key (id, user_id, prefix, hash, name, scopes) VALUES ($1, $2, $3, $4, $5, '{market:read}')`,
    [randomUUID(), id, randomUUID(), Buffer.alloc(32), canary('key-name')],
  );
  await run(
    `WITH scope AS MATERIALIZED (SELECT set_config('app.user_id', $1, true))
     INSERT INTO identity.external_identity (id, user_id, issuer, subject, email)
     SELECT gen_random_uuid(), $1::uuid, 'https://issuer.example', $2, $3 FROM scope`,
    [id, canary('outside-subject'), canary('outside-email')],
  );
  await run(
    `WITH scope AS MATERIALIZED (SELECT set_config('app.user_id', $1, true))
     INSERT INTO identity.connection (id, user_id, provider, state, subject, granted_scopes)
     SELECT gen_random_uuid(), $1::uuid, 'sandbox', 'needs-sign-in', $2, '{}' FROM scope`,
    [id, canary('connection-subject')],
  );
  await run('UPDATE identity.account SET pending_email = $2 WHERE id = $1', [id, canary('pending-address')]);
  await run('SELECT platform.ensure_performance_partitions(current_date, current_date)', []);
  await run(
    `INSERT INTO platform.api_performance_logs ("timestamp", endpoint, operation, duration_ms, user_id, conversation_id,
       message_id, request_id, extra_data) VALUES (now(), $2, 'request', 1, $1, $3, $4, $5, $6)`,
    [id, canary('endpoint'), canary('conversation'), canary('message'), requestId, json('performance-extra')],
  );
  await run(
    `INSERT INTO platform.error_group (fingerprint, name, message, first_seen_at, last_seen_at, count, sample_request_ids)
     VALUES ($1, 'Error', $2, now(), now(), 1, $3)`,
    [randomUUID(), canary('error-group'), [requestId]],
  );
  await run(
    `INSERT INTO market.history_import (id, user_id, server_id, format, faults)
     SELECT $1, $2, min(id), 'csv', $3 FROM market.server`,
    [importId, id, JSON.stringify([json('import-fault')])],
  );
  await run(
    `INSERT INTO market.history_import_part (user_id, import_id, part, size_bytes, body) VALUES ($1, $2, 0, 1, $3)`,
    [id, importId, canary('import-part')],
  );
  await run(
    `INSERT INTO market.harvest_route (id, user_id, game_id, name, description, job_ids, resource_ids, steps)
     SELECT gen_random_uuid(), $1, min(id), $2, $3, '{2}', '{303}', $4 FROM market.game`,
    [id, canary('route-name'), canary('route-description'), JSON.stringify([{ note: canary('route-step') }])],
  );
  const profileId = randomUUID();
  await run(
    `INSERT INTO market.profile (id, user_id, game_id, name) SELECT $1, $2, min(id), $3 FROM market.game`,
    [profileId, id, canary('profile-name')],
  );
  await run(
    `WITH made AS (
       INSERT INTO market.list (id, user_id, game_id, profile_id, name, scope)
       SELECT gen_random_uuid(), user_id, game_id, id, $2, 'public' FROM market.profile WHERE id = $1 RETURNING id, user_id, scope)
     INSERT INTO market.list_item (user_id, list_id, item_id, scope, quantity)
     SELECT user_id, id, (SELECT min(id) FROM market.item), scope, 1 FROM made`,
    [profileId, canary('list-name')],
  );
  await run(
    `INSERT INTO market.favourite (user_id, profile_id, item_id) SELECT $1, $2, min(id) FROM market.item`,
    [id, profileId],
  );
  await run(
    `INSERT INTO market.stock (user_id, server_id, profile_id, external_id, quantity, captured_at)
     SELECT $1, min(id), $2, 303, 1, now() FROM market.server`,
    [id, profileId],
  );
  await run(
    `WITH made AS (
       INSERT INTO market.message (id, user_id, game_id, profile_id, author_name, content)
       SELECT gen_random_uuid(), user_id, game_id, id, name, $2 FROM market.profile WHERE id = $1 RETURNING id, user_id)
     INSERT INTO market.message_read (user_id, profile_id, message_id) SELECT user_id, $1, id FROM made`,
    [profileId, canary('message-content')],
  );
  const [alertId, toldId, channelId] = [randomUUID(), randomUUID(), randomUUID()];
  await run(
    `INSERT INTO market.alert (id, user_id, server_id, name, rule, rearm_pct) SELECT $1, $2, min(id), $3, $4, 10 FROM market.server`,
    [alertId, id, canary('alert-name'), json('alert-rule')],
  );
  await run(
    `INSERT INTO market.alert_state (user_id, alert_id, item_id, is_matching, fired_at) VALUES ($1, $2, 1, true, now())`,
    [id, alertId],
  );
  await run(
    `INSERT INTO agent_analytics.alert (id, user_id, project_id, name, rule, rearm_pct) VALUES ($1, $2, $3, $4, $5, 10)`,
    [randomUUID(), id, canary('agent-alert-project'), canary('agent-alert-name'), json('agent-alert-rule')],
  );
  const wishListId = randomUUID();
  const membershipId = randomUUID();
  await run(
    `INSERT INTO destiny.wish_list (id, user_id, title, description, size_bytes, faults) VALUES ($1, $2, $3, $4, 1, $5)`,
    [
      wishListId,
      id,
      canary('wish-list-title'),
      canary('wish-list-description'),
      JSON.stringify([json('wish-list-fault')]),
    ],
  );
  await run(
    `INSERT INTO destiny.wish_list_note (user_id, list_id, position, notes, tags) VALUES ($1, $2, 0, $3, ARRAY[$4])`,
    [id, wishListId, canary('wish-notes'), canary('wish-tag')],
  );
  await run(
    `INSERT INTO destiny.wish_list_roll (user_id, list_id, position, item_hash, is_trash, perks, note_position)
     VALUES ($1, $2, 0, 1, false, '{2}', 0)`,
    [id, wishListId],
  );
  await run(
    `INSERT INTO destiny.bungie_link (user_id, bungie_id, asked_at, read_at) VALUES ($1, $2, now(), now())`,
    [id, canary('bungie-id')],
  );
  await run(
    `INSERT INTO destiny.membership (id, user_id, membership_type, membership_id, display_name, icon, is_active, is_overridden,
       is_cross_save_primary, seen_at) VALUES ($1, $2, 3, $3, $4, $5, true, false, false, now())`,
    [membershipId, id, canary('membership-id'), canary('membership-name'), canary('membership-icon')],
  );
  await run(
    `INSERT INTO destiny.profile (membership_id, user_id, characters, due_at) VALUES ($1, $2, $3, now() + interval '1 day')`,
    [membershipId, id, JSON.stringify([json('guardian')])],
  );
  await run(
    `INSERT INTO destiny.catalyst_status (membership_id, user_id, record_hash, state, pct, objectives)
     VALUES ($1, $2, 1, 'in_progress', 50, $3)`,
    [membershipId, id, JSON.stringify([json('objective')])],
  );
  await run(
    `INSERT INTO destiny.catalyst_progress (membership_id, user_id, record_hash, objective_hash, minted_at, progress, target,
       is_complete, minutes_played) VALUES ($1, $2, 1, 2, now(), 3, 4, false, 5)`,
    [membershipId, id],
  );
  await run('INSERT INTO destiny.tracked_catalyst (user_id, record_hash) VALUES ($1, 1)', [id]);
  await run(
    `INSERT INTO destiny.weapon (membership_id, user_id, item_instance_id, item_hash, location, character_id, item, content_hash,
       first_seen_at) VALUES ($1, $2, $3, 1, 'vault', $4, $5, gen_random_uuid(), now())`,
    [membershipId, id, canary('weapon-instance'), canary('weapon-character'), json('weapon-item')],
  );
  await run(
    `WITH talk AS (
       INSERT INTO destiny.conversation (id, user_id, title, persona) VALUES (gen_random_uuid(), $1, $2, $3) RETURNING id, user_id),
     said AS (
       INSERT INTO destiny.message (id, user_id, conversation_id, order_index, role, content, tool_calls, cards, model, client_message_id)
       SELECT gen_random_uuid(), user_id, id, 0, 'user', $4, $5::jsonb, $6::jsonb, $7, $8 FROM talk RETURNING id, user_id, conversation_id)
     INSERT INTO destiny.agent_run (id, user_id, conversation_id, question_id, error_code)
     SELECT gen_random_uuid(), user_id, conversation_id, id, $9 FROM said`,
    [
      id,
      canary('talk-title'),
      canary('talk-persona'),
      canary('talk-content'),
      json('talk-tools'),
      json('talk-cards'),
      canary('talk-model'),
      canary('talk-client-id'),
      canary('talk-error'),
    ],
  );
  await run(
    `INSERT INTO destiny.share (id, user_id, slug, shows, display_name, expires_at)
     VALUES (gen_random_uuid(), $1, $2, 'list', $3, now() + interval '1 day')`,
    [id, canary('share-slug'), canary('share-name')],
  );
  await plantRunningCanaries(run, id, canary);
  await plantTabletopCanaries(run, id, canary);
  await run('INSERT INTO platform.notification_inbox (user_id, last_seq) VALUES ($1, 1)', [id]);
  await run(
    `INSERT INTO platform.notification (id, user_id, seq, topic, key, title, body, link, payload, is_listed)
     VALUES ($1, $2, 1, $3, 'spec', $4, $5, $6, $7, true)`,
    [
      toldId,
      id,
      canary('told-topic'),
      canary('told-title'),
      canary('told-body'),
      canary('told-link'),
      json('told-payload'),
    ],
  );
  await run(
    `INSERT INTO platform.notification_channel (id, user_id, kind, label, origin, sealed_target)
     VALUES ($1, $2, 'webhook', $3, $4, '\\x00')`,
    [channelId, id, canary('channel-label'), canary('channel-origin')],
  );
  await run(
    `INSERT INTO platform.notification_preference (user_id, topic, channel, is_enabled) VALUES ($1, $2, 'mail', true)`,
    [id, canary('preference-topic')],
  );
  await run(
    `INSERT INTO platform.notification_delivery (id, user_id, notification_id, channel, channel_id, error)
     VALUES (gen_random_uuid(), $1, $2, 'webhook', $3, $4)`,
    [id, toldId, channelId, canary('delivery-error')],
  );
  const shelf = join(filesDir, fileId.slice(-2));
  mkdirSync(shelf, { recursive: true });
  writeFileSync(join(shelf, fileId), canary('file'));
  await run(
    `INSERT INTO platform.stored_file (id, user_id, purpose, media_type, size_bytes, sha256) VALUES ($1, $2, 'picture', 'image/png', $3, sha256($4))`,
    [fileId, id, canary('file').length, canary('file')],
  );
  return fileId;
}

/** Every file below a folder, names and bytes. */
export function contentsOf(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'latin1')}`)
    .join('\n');
}
