import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, answer, problem } from './langfuse-answers.js';
import {
  type FaultGiven,
  type LangfuseFault,
  LangfuseFaults,
  type LangfuseRoute,
  playFault,
  withStrangeFields,
} from './langfuse-faults.js';
import { LangfuseLimits, limitedAnswer, type Plan, type Resource } from './langfuse-limits.js';
import type { LangfuseWorld } from './langfuse-world.js';
import { openLoopbackServer } from '../loopback-server.js';

// A Langfuse on loopback, for the demo, tests and benchmarks: the reads of the legacy API, observations v2, scores v3 and health, of one
// organisation with any number of projects, under the limits of its plan and by a clock of its own. POST /sandbox/faults makes it fail,
// GET /sandbox/journal says what it was asked.

export const SANDBOX_HEADER = 'x-guildhall-sandbox';

export interface SandboxProject {
  readonly publicKey: string;
  readonly secretKey: string;
  readonly world: LangfuseWorld;
}

export interface LangfuseSandboxOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  readonly projects: readonly SandboxProject[];
  /** Unlimited unless said otherwise. */
  readonly plan?: Plan;
  /** `legacy`: v2 answers 404, as v3 does; `events-only`: the legacy API does, as v4 may; otherwise both answer. */
  readonly generation?: 'legacy' | 'both' | 'events-only';
  /** Legacy answers announce their end, as on Langfuse Cloud. */
  readonly isDeprecated?: boolean;
  readonly nowMs?: () => number;
}

export interface JournalEntry {
  readonly atMs: number;
  readonly route: LangfuseRoute | null;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** null = the keys were wrong. */
  readonly projectId: string | null;
  /** 0 where the connection was cut or nothing came. */
  readonly status: number;
  readonly rows: number;
  /** That was played; null = it was answered as it should be. */
  readonly fault: LangfuseFault | null;
}

export interface LangfuseSandbox {
  readonly url: string;
  /** Every request so far; without its keys. */
  readonly journal: JournalEntry[];
  fail(fault: FaultGiven): void;
  /** Ends all faults. */
  heal(): void;
  /** Lets something happen upstream right before the nth call of a route from now, 1 being the next. */
  before(route: LangfuseRoute, call: number, change: () => void): void;
  close(): Promise<void>;
}

const PATHS: readonly (readonly [RegExp, LangfuseRoute])[] = [
  [/^\/api\/public\/health$/, 'health'],
  [/^\/api\/public\/sessions$/, 'sessions'],
  [/^\/api\/public\/sessions\/([^/]+)$/, 'session'],
  [/^\/api\/public\/traces$/, 'traces'],
  [/^\/api\/public\/traces\/([^/]+)$/, 'trace'],
  [/^\/api\/public\/observations$/, 'observations'],
  [/^\/api\/public\/v2\/observations$/, 'v2-observations'],
  [/^\/api\/public\/v2\/metrics$/, 'v2-metrics'],
  [/^\/api\/public\/v3\/scores$/, 'v3-scores'],
];
const LEGACY = new Set<LangfuseRoute>(['sessions', 'session', 'traces', 'trace', 'observations']);
const MOST_BODY_BYTES = 65_536;

export async function openLangfuseSandbox(options: LangfuseSandboxOptions): Promise<LangfuseSandbox> {
  const langfuse = new Langfuse(options);
  const server = await openLoopbackServer(options.port, (request, response) =>
    langfuse.serve(request, response),
  );
  return {
    url: server.url,
    journal: langfuse.journal,
    fail: (fault) => langfuse.faults.plan(fault),
    heal: () => langfuse.faults.heal(),
    before: (route, call, change) => langfuse.hooks.push({ route, left: call, change }),
    close: () => server.close(),
  };
}

class Langfuse {
  readonly journal: JournalEntry[] = [];
  readonly faults = new LangfuseFaults();
  readonly hooks: { route: LangfuseRoute; left: number; change: () => void }[] = [];
  private readonly limits: LangfuseLimits;
  private readonly nowMs: () => number;

  constructor(private readonly options: LangfuseSandboxOptions) {
    this.limits = new LangfuseLimits(options.plan ?? 'self-hosted');
    this.nowMs = options.nowMs ?? Date.now;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const headers = { [SANDBOX_HEADER]: 'langfuse' };
    if (url.pathname.startsWith('/sandbox/')) {
      await this.control(request, response, url.pathname, headers);
      return;
    }
    request.resume();
    const nowMs = this.nowMs();
    const [route, id] = routeOf(url.pathname);
    const query = Object.fromEntries(url.searchParams);
    const project = this.projectOf(request.headers.authorization);
    const write = (status: number, rows = 0, fault: LangfuseFault | null = null): void => {
      const projectId = project?.world.projectId ?? null;
      this.journal.push({
        atMs: nowMs,
        route: route ?? null,
        path: url.pathname,
        query,
        projectId,
        status,
        rows,
        fault,
      });
    };
    if (route === undefined || request.method !== 'GET') {
      send(response, problem(404, 'Not Found', 'NotFound'), headers);
      write(404);
      return;
    }
    const refusal = route === 'health' ? undefined : this.refusalOf(route, project, nowMs);
    if (refusal !== undefined) {
      send(response, refusal, headers);
      write(refusal.status);
      return;
    }
    this.runHooks(route);
    const fault = this.faults.take(askedOf(route, query));
    const played = fault === undefined ? undefined : playFault(response, fault, headers);
    if (played !== undefined) {
      write(played, 0, fault?.kind);
      return;
    }
    const world = project?.world ?? this.options.projects[0]!.world;
    world.advanceTo(nowMs);
    const isDeprecated = this.options.isDeprecated ?? false;
    const question = { route, id, query, world, nowMs, isDeprecated };
    let reply = answer(question);
    if (fault?.kind === 'repeated-cursor') reply = withRepeatedCursor(reply, query);
    if (fault?.kind === 'endless-pages' && reply.status === 200)
      reply = withEndlessPages(reply, answer({ ...question, query: { ...query, page: '1' } }), query);
    if (fault?.kind === 'strange-fields' && reply.status === 200)
      reply = { ...reply, body: withStrangeFields(reply.body) };
    write(reply.status, reply.rows, fault?.kind);
    if (fault?.kind === 'slow') setTimeout(() => send(response, reply, headers), fault.delayMs);
    else send(response, reply, headers);
  }

  /** Keys come first, then the limit, then whether this generation has the route. */
  private refusalOf(
    route: LangfuseRoute,
    project: SandboxProject | undefined,
    nowMs: number,
  ): Answer | undefined {
    if (project === undefined)
      return problem(
        401,
        "Invalid credentials. Confirm that you've configured the correct host.",
        'UnauthorizedError',
      );
    const call = this.limits.consume(resourceOf(route), nowMs);
    if (call?.isLimited === true) {
      const { status, headers, body } = limitedAnswer(call, nowMs);
      return { status, headers, body: JSON.stringify(body) };
    }
    const generation = this.options.generation ?? 'both';
    if (generation === 'events-only' && LEGACY.has(route))
      return problem(404, 'This endpoint is not available in events-only mode.', 'LangfuseNotFoundError');
    if (generation === 'legacy' && (route === 'v2-observations' || route === 'v2-metrics'))
      return problem(
        404,
        'The v2 API is only available in a Langfuse v4 write mode.',
        'LangfuseNotFoundError',
      );
    return undefined;
  }

  private projectOf(authorization: string | undefined): SandboxProject | undefined {
    const encoded = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
    const given = Buffer.from(encoded, 'base64').toString();
    return this.options.projects.find(({ publicKey, secretKey }) => `${publicKey}:${secretKey}` === given);
  }

  private runHooks(route: LangfuseRoute): void {
    for (const hook of this.hooks.filter((one) => one.route === route)) {
      hook.left -= 1;
      if (hook.left > 0) continue;
      this.hooks.splice(this.hooks.indexOf(hook), 1);
      hook.change();
    }
  }

  private async control(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    headers: Record<string, string>,
  ): Promise<void> {
    try {
      const body = await readBody(request);
      if (path === '/sandbox/journal') {
        send(response, { status: 200, body: JSON.stringify(this.journal) }, headers);
      } else if (path === '/sandbox/faults' && request.method === 'POST') {
        this.faults.plan(JSON.parse(body) as FaultGiven);
        send(response, { status: 200, body: '{}' }, headers);
      } else send(response, problem(404, 'Not Found', 'NotFound'), headers);
    } catch {
      send(response, problem(400, 'Invalid request data', []), headers);
    }
  }
}

function resourceOf(route: LangfuseRoute): Resource {
  if (LEGACY.has(route)) return 'public-api-legacy';
  return route === 'v2-metrics' ? 'public-api-v2-metrics' : 'public-api';
}

function routeOf(path: string): readonly [LangfuseRoute | undefined, string] {
  for (const [pattern, route] of PATHS) {
    const match = pattern.exec(path);
    if (match) return [route, decodeURIComponent(match[1] ?? '')];
  }
  return [undefined, ''];
}

function askedOf(route: LangfuseRoute, query: Readonly<Record<string, string>>) {
  const at = (...names: string[]): number => Date.parse(names.map((name) => query[name]).find(Boolean) ?? '');
  const windowMs = at('toTimestamp', 'toStartTime') - at('fromTimestamp', 'fromStartTime');
  return {
    route,
    limit: Number(query['limit'] ?? 50),
    windowMs: Number.isNaN(windowMs) ? Number.POSITIVE_INFINITY : windowMs,
  };
}

function withRepeatedCursor(reply: Answer, { cursor }: Readonly<Record<string, string>>): Answer {
  const body = JSON.parse(reply.body) as { meta: { cursor?: string } };
  // The first page has brought none: its own then leads to a page that will repeat it.
  const repeated = cursor ?? body.meta.cursor ?? 'bm93aGVyZQ==';
  return { ...reply, body: JSON.stringify({ ...body, meta: { ...body.meta, cursor: repeated } }) };
}

function withEndlessPages(reply: Answer, first: Answer, query: Readonly<Record<string, string>>): Answer {
  const own = JSON.parse(reply.body) as { data: unknown[]; meta: Record<string, number> };
  const { data } = own.data.length > 0 ? own : (JSON.parse(first.body) as typeof own);
  const page = Number(query['page'] ?? 1);
  const meta = { ...own.meta, totalItems: (page + 1) * (own.meta['limit'] ?? 1), totalPages: page + 1 };
  return { ...reply, body: JSON.stringify({ ...own, data, meta }), rows: data.length };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MOST_BODY_BYTES) throw new Error('The body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function send(
  response: ServerResponse,
  { status, body, headers }: Answer,
  always: Record<string, string>,
): void {
  if (response.destroyed) return;
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    ...always,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(bytes.length),
    ...headers,
  });
  response.end(bytes);
}
