// reads of campaigns over HTTP as a player, beside 100 campaigns of 2,000 objects each, against the bare statement in PostgreSQL
import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import { connectOwner, startGuildhall } from './support/guildhall.js';
import type { Target } from './support/http-load.js';
import { PacedLoad } from './support/paced-load.js';
import { register, signIn } from './support/people.js';
import { runBenchmark } from './support/run-benchmark.js';
import { quantile } from './support/statistics.js';

// What is measured: GET of one object, of a page of a kind, of a page of all kinds and of all that its player sees of an object's secrets, by somebody
// with a seat in every campaign, at a steady pace, from when each request was due. Reference: the page's statement alone, as the owner of the tables,
// without row-level security. The world is made by SQL.

const CAMPAIGNS = 100;
const OBJECTS = { quick: 400, full: 2_000 };
const PACE_PER_S = 60;
const EMAIL = 'player@example.org';
const BARE = `SELECT id, name, summary, body, details, tags, visibility, version FROM tabletop.object
  WHERE campaign_id = $1 AND kind = 'note' AND visibility IN ('party', 'public') AND deleted_at IS NULL ORDER BY name, id LIMIT 51`;

await runBenchmark('tabletop-read', async (benchmark) => {
  const server = await startGuildhall(benchmark, {
    env: { DOMAINS: 'tabletop', RATE_LIMIT_PER_MIN: '1000000' },
  });
  await register(server.url, EMAIL);
  const { accessToken } = await signIn(server.url, EMAIL, '192.0.2.1');
  const owner = await connectOwner(benchmark, server);
  const count = benchmark.isQuick ? OBJECTS.quick : OBJECTS.full;
  const { campaigns, objects } = await fill(owner, count);
  console.log(`  ${CAMPAIGNS} campaigns of ${count} objects`);
  const headers = { Authorization: `Bearer ${accessToken}` };
  const target = (name: string, paths: string[]): Target => ({
    name,
    url: server.url,
    pid: server.pid,
    headers,
    paths,
    status: 200,
  });
  const base = '/api/v1/tabletop';
  const reads = {
    object: target('object', objects.map((id) => `${base}/objects/${id}`)), // prettier-ignore
    list: target('list', campaigns.map((id) => `${base}/campaigns/${id}/notes`)), // prettier-ignore
    all: target('all', campaigns.map((id) => `${base}/campaigns/${id}/objects`)), // prettier-ignore
    secrets: target('secrets', objects.map((id) => `${base}/objects/${id}/secrets`)), // prettier-ignore
  };
  const seconds = benchmark.isQuick ? 2 : 5;
  const latencies: Record<keyof typeof reads, number[]> = { object: [], list: [], all: [], secrets: [] };
  const bare: number[] = [];
  const load = new PacedLoad(benchmark);
  for (let round = 0; round <= benchmark.rounds; round += 1) {
    for (const [name, read] of Object.entries(reads) as [keyof typeof reads, Target][]) {
      const taken = await load.run(read, PACE_PER_S, seconds);
      if (round > 0) latencies[name].push(...taken); // the first round compiles the hot path
    }
    for (const id of campaigns) {
      const from = performance.now();
      await owner.query({ name: 'bench.bare', text: BARE, values: [id] });
      if (round > 0) bare.push(performance.now() - from);
    }
  }
  const p95 = Object.fromEntries(
    Object.entries(latencies).map(([name, taken]) => [`p95_${name}_ms`, quantile(taken, 0.95)]),
  );
  return {
    p95_ms: Math.max(...Object.values(p95)),
    ...p95,
    p50_ms: Math.max(...Object.values(latencies).map((taken) => quantile(taken, 0.5))),
    p95_bare_statement_ms: quantile(bare, 0.95),
  };
});

/** @returns ids of all campaigns, and of some objects that the player sees */
async function fill(owner: pg.Client, count: number): Promise<{ campaigns: string[]; objects: string[] }> {
  const { rows } = await owner.query<{ id: string }>('SELECT id FROM identity.account WHERE email = $1', [
    EMAIL,
  ]);
  const playerId = rows[0]!.id;
  await owner.query(
    `WITH c AS (INSERT INTO tabletop.campaign (id, user_id, name)
       SELECT gen_random_uuid(), gen_random_uuid(), 'Campaign ' || n FROM generate_series(1, ${CAMPAIGNS}) n RETURNING id)
     INSERT INTO tabletop.membership (campaign_id, user_id, role, display_name) SELECT id, $1, 'player', 'Player' FROM c`,
    [playerId],
  );
  await owner.query(
    `INSERT INTO tabletop.object (id, campaign_id, kind, name, summary, body, details, visibility, search)
     SELECT gen_random_uuid(), c.id, (ARRAY['character', 'location', 'item', 'note', 'plot', 'session'])[1 + n % 6], md5(c.id::text || n),
       'A thing of the world, number ' || n, repeat('It is told of by many. ', 20), '{}', CASE WHEN n % 3 = 0 THEN 'gm' ELSE 'party' END,
       to_tsvector('english', md5(c.id::text || n) || ' thing of the world')
     FROM tabletop.campaign c, generate_series(1, $1::int) n`,
    [count],
  );
  await owner.query('ANALYZE tabletop.campaign, tabletop.membership, tabletop.object');
  const campaigns = await owner.query<{ id: string }>('SELECT id FROM tabletop.campaign ORDER BY id');
  const objects = await owner.query<{ id: string }>(
    `SELECT id FROM tabletop.object WHERE visibility = 'party' ORDER BY md5(id::text) LIMIT 500`,
  );
  return { campaigns: campaigns.rows.map(({ id }) => id), objects: objects.rows.map(({ id }) => id) };
}
