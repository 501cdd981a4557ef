// shortest path and three hops among 5,000 characters and 40,000 relations, as a master and as a player, over HTTP
import type { Client } from 'pg';
import {
  hopsFrom,
  type Neighbours,
  neighboursOf,
  type Pair,
  shortestPath,
} from '../src/tabletop/relationships/graph.js';
import { connectOwner, connectSystem, type Guildhall, startGuildhall } from './support/guildhall.js';
import { register, signIn } from './support/people.js';
import { pick, randomOf } from './support/random-data.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { median, quantile } from './support/statistics.js';

// What is measured: whole requests, one after the other, with an account's token, as `npm start` serves them: GET .../graph/path between two
// random characters, and GET .../characters/{id}/graph?depth=3 as it is asked for usually: everybody within three steps is walked to, the
// nearest 500 are answered, with the relations among them. `whole`: all of them (limit 5,000) with theirs, a few thousand and some megabytes.
// A tenth of the relations and a quarter of the characters are the masters' own, so the player's graph is another one.
// Reference, in the same run: one recursive statement for the ids within three hops in the platform's role, whose policy is `true`, without
// joins to ends, names, relations or HTTP.
// Answers are compared with a walk over the same pairs in memory before anything is measured.

const PEOPLE = 5_000;
const RELATIONS = 40_000;
const USUAL = 500;
const CHECKED = 6;
const WARM = 10;
const WHOLE = 10;

interface Reader {
  readonly name: 'gm' | 'player';
  readonly token: string;
  readonly ids: readonly string[];
  readonly graph: Neighbours;
}

await runBenchmark('graph', async (benchmark) => {
  const server = await startGuildhall(benchmark, {
    env: { DOMAINS: 'tabletop', RATE_LIMIT_PER_MIN: '1000000' },
  });
  const owner = await connectOwner(benchmark, server);
  const { campaignId, master, player } = await seatTwo(server, owner);
  const system = await connectSystem(benchmark, server);
  await fill(benchmark, system, owner, campaignId);
  const readers = [
    await readerOf(system, campaignId, 'gm', master),
    await readerOf(system, campaignId, 'player', player),
  ];
  for (const reader of readers) await assertAnswers(benchmark, server, campaignId, reader);
  const rounds = benchmark.isQuick ? 80 : 600;
  const figures: Figures = {};
  for (const reader of readers) {
    const random = randomOf(benchmark.seed, reader.name === 'gm' ? 4 : 5);
    const paths: number[] = [];
    const hops: number[] = [];
    for (let round = 0; round < rounds + WARM; round += 1) {
      const [from, to] = [pick(reader.ids, random), pick(reader.ids, random)];
      const path = await timed(() => ask(server, reader.token, pathOf(campaignId, from, to)));
      const near = await timed(() => ask(server, reader.token, hopsOf(from, USUAL)));
      if (round < WARM) continue; // compiles the hot path, prepares statements
      paths.push(path);
      hops.push(near);
    }
    const whole: number[] = [];
    for (let round = 0; round < WHOLE; round += 1)
      whole.push(await timed(() => ask(server, reader.token, hopsOf(pick(reader.ids, random), PEOPLE))));
    figures[`hops3_whole_p50_ms_${reader.name}`] = median(whole);
    figures[`path_p50_ms_${reader.name}`] = median(paths);
    figures[`path_p95_ms_${reader.name}`] = quantile(paths, 0.95);
    figures[`hops3_p50_ms_${reader.name}`] = median(hops);
    figures[`hops3_p95_ms_${reader.name}`] = quantile(hops, 0.95);
  }
  const bare = await bareHops(benchmark, system, campaignId, readers[0]!.ids, rounds);
  return {
    path_p95_ms: Math.max(figures['path_p95_ms_gm']!, figures['path_p95_ms_player']!),
    hops3_p95_ms: Math.max(figures['hops3_p95_ms_gm']!, figures['hops3_p95_ms_player']!),
    ...figures,
    hops3_bare_p50_ms: median(bare),
    hops3_bare_p95_ms: quantile(bare, 0.95),
  };
});

function pathOf(campaignId: string, from: string, to: string): string {
  return `/api/v1/tabletop/campaigns/${campaignId}/graph/path?from=${from}&to=${to}`;
}

function hopsOf(id: string, limit: number): string {
  return `/api/v1/tabletop/characters/${id}/graph?depth=3&limit=${limit}`;
}

async function seatTwo(
  server: Guildhall,
  owner: Client,
): Promise<{ campaignId: string; master: string; player: string }> {
  const tokens: string[] = [];
  for (const [index, email] of ['master@example.org', 'player@example.org'].entries()) {
    await register(server.url, email);
    tokens.push((await signIn(server.url, email, `192.0.2.${index + 1}`)).accessToken);
  }
  const [master, player] = tokens as [string, string];
  const made = await fetch(`${server.url}/api/v1/tabletop/campaigns`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${master}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'The Sunken Bell' }),
  });
  const { id: campaignId } = (await made.json()) as { id: string };
  await owner.query(
    `INSERT INTO tabletop.membership (campaign_id, user_id, role, display_name)
     SELECT $1, id, 'player', 'Mira' FROM identity.account WHERE email = 'player@example.org'`,
    [campaignId],
  );
  return { campaignId, master, player };
}

async function fill(benchmark: Benchmark, system: Client, owner: Client, campaignId: string): Promise<void> {
  const random = randomOf(benchmark.seed, 1);
  const whose = (share: number): string => (random.uniform() < share ? 'gm' : 'party');
  const people = Array.from({ length: PEOPLE }, (_, index) => ({
    name: `Somebody ${index}`,
    visibility: whose(1 / 4),
  }));
  await system.query(
    `INSERT INTO tabletop.object (id, campaign_id, kind, name, visibility)
     SELECT gen_random_uuid(), $1, 'character', name, visibility FROM unnest($2::text[], $3::text[]) AS t(name, visibility)`,
    [campaignId, people.map(({ name }) => name), people.map(({ visibility }) => visibility)],
  );
  await owner.query('ANALYZE tabletop.object');
  const { rows } = await system.query<{ id: string }>(
    'SELECT id FROM tabletop.object WHERE campaign_id = $1 ORDER BY name',
    [campaignId],
  );
  const ids = rows.map(({ id }) => id);
  const relations = Array.from({ length: RELATIONS }, () => {
    const from = pick(ids, random);
    let to = pick(ids, random);
    while (to === from) to = pick(ids, random);
    return { from, to, strength: Math.floor(random.uniform() * 201) - 100, visibility: whose(1 / 10) };
  });
  await system.query(
    `INSERT INTO tabletop.link (id, campaign_id, kind, from_id, to_id, type, strength, visibility)
     SELECT gen_random_uuid(), $1, 'relationship', f, t, 'knows', s, v FROM unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::text[]) AS u(f, t, s, v)`,
    [
      campaignId,
      relations.map(({ from }) => from),
      relations.map(({ to }) => to),
      relations.map(({ strength }) => strength),
      relations.map(({ visibility }) => visibility),
    ],
  );
  await owner.query('VACUUM ANALYZE tabletop.object');
  await owner.query('VACUUM ANALYZE tabletop.link');
}

async function readerOf(
  system: Client,
  campaignId: string,
  name: 'gm' | 'player',
  token: string,
): Promise<Reader> {
  const shown = name === 'gm' ? ['gm', 'party'] : ['party'];
  const people = await system.query<{ id: string }>(
    'SELECT id FROM tabletop.object WHERE campaign_id = $1 AND visibility = ANY ($2) ORDER BY id',
    [campaignId, shown],
  );
  const ids = people.rows.map(({ id }) => id);
  const known = new Set(ids);
  const links = await system.query<{ from: string; to: string }>(
    'SELECT from_id AS from, to_id AS to FROM tabletop.link WHERE campaign_id = $1 AND visibility = ANY ($2)',
    [campaignId, shown],
  );
  const pairs = links.rows
    .filter(({ from, to }) => known.has(from) && known.has(to))
    .map(({ from, to }): Pair => [from, to]);
  console.log(`  ${name}: ${ids.length} characters, ${pairs.length} relations`);
  return { name, token, ids, graph: neighboursOf(pairs) };
}

/** Faster by answering something else would be no answer. */
async function assertAnswers(
  benchmark: Benchmark,
  server: Guildhall,
  campaignId: string,
  { name, token, ids, graph }: Reader,
): Promise<void> {
  const random = randomOf(benchmark.seed, 3);
  for (let check = 0; check < CHECKED; check += 1) {
    const [from, to] = [pick(ids, random), pick(ids, random)];
    const { hops } = (await ask(server, token, pathOf(campaignId, from, to))) as { hops: number | null };
    const path = shortestPath(graph, from, to);
    if (hops !== (path === null ? null : path.length - 1))
      throw new Error(`${name}: a way of ${hops} steps, not of ${path?.length}`);
    const { nodes } = (await ask(server, token, hopsOf(from, PEOPLE))) as {
      nodes: { id: string; hops: number }[];
    };
    const near = hopsFrom(graph, from, 3);
    if (nodes.length !== near.size || nodes.some((node) => near.get(node.id) !== node.hops))
      throw new Error(`${name}: ${nodes.length} within three steps, not ${near.size}`);
  }
}

async function bareHops(
  benchmark: Benchmark,
  system: Client,
  campaignId: string,
  ids: readonly string[],
  rounds: number,
): Promise<number[]> {
  const random = randomOf(benchmark.seed, 6);
  const text = `
    WITH RECURSIVE near(id, hops) AS (
      SELECT $2::uuid, 0
      UNION
      SELECT n.id, near.hops + 1 FROM near CROSS JOIN LATERAL (
        SELECT l.to_id AS id FROM tabletop.link l WHERE l.campaign_id = $1 AND l.from_id = near.id AND l.kind = 'relationship'
        UNION ALL
        SELECT l.from_id FROM tabletop.link l WHERE l.campaign_id = $1 AND l.to_id = near.id AND l.kind = 'relationship') n
      WHERE near.hops < 3)
    SELECT id, min(hops) AS hops FROM near GROUP BY id`;
  const taken: number[] = [];
  for (let round = 0; round < rounds + WARM; round += 1) {
    const values = [campaignId, pick(ids, random)];
    const ms = await timed(() => system.query({ name: 'bare-hops', text, values }));
    if (round >= WARM) taken.push(ms);
  }
  return taken;
}

async function ask(server: Guildhall, token: string, path: string): Promise<unknown> {
  const answer = await fetch(server.url + path, { headers: { Authorization: `Bearer ${token}` } });
  if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
