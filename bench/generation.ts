// drafts over HTTP: of each generator by rules, and with texts of a scripted model; against the rules alone, without a server
import { performance } from 'node:perf_hooks';
import { GENERATION_KINDS, type GenerationKind } from '../src/tabletop/generators/draft.js';
import { generate } from '../src/tabletop/generators/generate.js';
import { readGeneratorBook } from '../src/tabletop/generators/generator-book.reader.js';
import { proseJsonSchema } from '../src/tabletop/generators/generation-prose.js';
import { startGuildhall } from './support/guildhall.js';
import type { LlmUpstreamRequest } from './support/llm-world.js';
import { register, signIn } from './support/people.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { median, quantile } from './support/statistics.js';
import { startWorker } from './support/worker.js';

// One after the other, as a master at the table asks. Rules: a draft of each generator, stored with sealed secrets. Drafts: the same with a model on
// loopback that writes a whole answer of the form that it is asked for, a piece every few milliseconds; one in ten is so slow that a request gives
// it up and leaves it to a job. Reference, in the same run: the rules in this process, without HTTP, database and seals.

const EMAIL = 'master@example.org';
const CALLS = { quick: 60, full: 400 };
const DRAFTS = { quick: 20, full: 60 };
const PIECE_MS = 4;
const PIECE_LENGTH = 16;
const SLOW_MS = 6_000;

interface Client {
  readonly post: (path: string, body: object) => Promise<{ ms: number; json: Record<string, unknown> }>;
}

function clientOf(url: string, token: string): Client {
  return {
    post: async (path, body) => {
      const startedMs = performance.now();
      const answer = await fetch(`${url}/api/v1/tabletop/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      const ms = performance.now() - startedMs;
      if (answer.status !== 201) throw new Error(`${path} was answered ${answer.status}: ${text}`);
      return { ms, json: JSON.parse(text) as Record<string, unknown> };
    },
  };
}

function answerOf(kind: GenerationKind): string {
  const { required } = proseJsonSchema(kind) as { required: string[] };
  return JSON.stringify(
    Object.fromEntries(
      required.map((name) => [name, `Of the ${name} there is this to tell: it is old, and wet.`]),
    ),
  );
}

async function measure(benchmark: Benchmark): Promise<Figures> {
  const upstream = startWorker(benchmark, 'llm-upstream');
  const modelUrl = await upstream.ask<string>({
    calls: 0,
    answer: answerOf('npc'),
    pieceLength: PIECE_LENGTH,
    pauseMs: PIECE_MS,
  } satisfies LlmUpstreamRequest);
  const server = await startGuildhall(benchmark, {
    env: {
      DOMAINS: 'tabletop',
      RATE_LIMIT_PER_MIN: '1000000',
      AI_ENABLED: 'true',
      VLLM_API_URL: `${modelUrl}/v1`,
    },
  });
  await register(server.url, EMAIL);
  const { accessToken } = await signIn(server.url, EMAIL, '192.0.2.1');
  const client = clientOf(server.url, accessToken);
  const { json } = await client.post('campaigns', {
    name: 'The Sunken Bell',
    aiPolicy: 'local',
    tone: { mood: 'grim' },
  });
  const path = (kind: GenerationKind): string => `campaigns/${String(json['id'])}/generate/${kind}`;
  const seed = (at: number): { seed: string } => ({ seed: `${benchmark.seed} ${at}` });

  const calls = benchmark.isQuick ? CALLS.quick : CALLS.full;
  for (let warm = 0; warm < 12; warm += 1) await client.post(path(GENERATION_KINDS[warm % 6]!), seed(-warm));
  const rulesMs: Record<GenerationKind, number[]> = {
    npc: [],
    location: [],
    shop: [],
    encounter: [],
    loot: [],
    hook: [],
  };
  const bareMs: number[] = [];
  const book = readGeneratorBook();
  for (let at = 0; at < calls; at += 1)
    for (const kind of GENERATION_KINDS) {
      rulesMs[kind].push((await client.post(path(kind), seed(at))).ms);
      const startedMs = performance.now();
      generate(book, kind, seed(at).seed, {});
      bareMs.push(performance.now() - startedMs);
    }

  const draftMs: number[] = [];
  let written = 0;
  let pending = 0;
  const drafts = benchmark.isQuick ? DRAFTS.quick : DRAFTS.full;
  for (let at = 0; at < drafts; at += 1) {
    const isSlow = at % 10 === 9;
    if (isSlow) await fault(modelUrl, { kind: 'slow-first-token', delayMs: SLOW_MS, times: 1 });
    const draft = await client.post(path('npc'), { ...seed(at), engine: 'ai' });
    draftMs.push(draft.ms);
    if (draft.json['madeBy'] === 'model') written += 1;
    if (draft.json['state'] === 'pending') pending += 1;
  }
  const all = Object.values(rulesMs).flat();
  console.log(`  ${all.length} drafts by rules, ${written} by the model, ${pending} left to jobs`);
  return {
    rules_p95_ms: quantile(all, 0.95),
    rules_p50_ms: median(all),
    draft_p95_ms: quantile(draftMs, 0.95),
    draft_p50_ms: median(draftMs),
    drafts_by_model_pct: (100 * written) / drafts,
    drafts_pending_pct: (100 * pending) / drafts,
    bare_rules_p95_ms: quantile(bareMs, 0.95),
    ratio_to_bare: median(all) / median(bareMs),
    ...Object.fromEntries(
      GENERATION_KINDS.map((kind) => [`rules_${kind}_p95_ms`, quantile(rulesMs[kind], 0.95)]),
    ),
  };
}

async function fault(url: string, body: object): Promise<void> {
  const answer = await fetch(`${url}/sandbox/faults`, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`The model takes no fault: ${answer.status}`);
}

await runBenchmark('generation', measure);
