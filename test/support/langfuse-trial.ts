import type { LangfuseProject } from '../../src/platform/config/langfuse-settings.js';
import type { SyncPage, SyncStream, SyncWindow } from '../../src/platform/sync/sync-source.js';
import { type Deprecation, LangfuseClient } from '../../src/agent-analytics/langfuse/langfuse.client.js';
import {
  type LangfuseSandbox,
  type LangfuseSandboxOptions,
  openLangfuseSandbox,
} from '../../src/sandbox/langfuse/langfuse-sandbox.js';
import type { LangfuseWorld } from '../../src/sandbox/langfuse/langfuse-world.js';
import { openOutbound, type OutboundTrial } from './outbound-trial.js';
import type { TestUnits } from './units.js';

export const LANGFUSE_KEYS = {
  publicKey: 'pk-lf-11111111-canary',
  secretKey: 'sk-lf-22222222-canary',
} as const;

/** A Langfuse on loopback and a client of it, by one clock where a test has its own. */
export interface LangfuseTrial {
  readonly sandbox: LangfuseSandbox;
  readonly client: LangfuseClient;
  /** What clients were told of the end of an API. */
  readonly deprecations: readonly Deprecation[];
  readonly outbound: OutboundTrial;
  /** A client with other settings, of the same process. */
  clientWith(project: Partial<LangfuseProject>): LangfuseClient;
  close(): Promise<void>;
}

export async function openLangfuse(
  units: TestUnits,
  world: LangfuseWorld,
  options: Partial<LangfuseSandboxOptions> = {},
  project: Partial<LangfuseProject> = {},
): Promise<LangfuseTrial> {
  const sandbox = await openLangfuseSandbox({ projects: [{ ...LANGFUSE_KEYS, world }], ...options });
  const { nowMs } = options;
  const outbound = openOutbound(units, nowMs === undefined ? {} : { nowMs }, nowMs ?? (() => null));
  const deprecations: Deprecation[] = [];
  const clientWith = (more: Partial<LangfuseProject>): LangfuseClient => {
    const settings = {
      name: 'cupid',
      ...LANGFUSE_KEYS,
      baseUrl: sandbox.url,
      api: 'auto' as const,
      plan: options.plan ?? ('self-hosted' as const),
      since: new Date('2023-05-01T00:00:00Z'),
      ...project,
      ...more,
    };
    return new LangfuseClient(outbound.outbound, settings, (told) => deprecations.push(told));
  };
  return {
    sandbox,
    client: clientWith({}),
    deprecations,
    outbound,
    clientWith,
    close: async () => {
      await outbound.outbound.onApplicationShutdown();
      await sandbox.close();
    },
  };
}

export const EVERYTHING: SyncWindow = {
  from: new Date('2020-01-01T00:00:00Z'),
  to: new Date('2100-01-01T00:00:00Z'),
};

type Pages<Row> = Pick<SyncStream<Row>, 'fetchPage' | 'keyOf' | 'timeOf' | 'paging' | 'pageLimit'>;

/**
 * Every row of a window, by key, as a careful reader gets them: cursors are followed; of numbered pages the first is read again and
 * again, of a window that ends with the oldest row so far, and others only inside one millisecond that fills more than a page.
 */
export async function readAll<Row>(
  stream: Pages<Row>,
  window: SyncWindow = EVERYTHING,
  limit = stream.pageLimit.most,
): Promise<Map<string, Row>> {
  const found = new Map<string, Row>();
  const { signal } = new AbortController();
  let [cursor, toMs] = [null as string | null, window.to.getTime()];
  for (;;) {
    const page: SyncPage<Row> = await stream.fetchPage({
      window: { from: window.from, to: new Date(toMs) },
      cursor,
      limit,
      signal,
    });
    for (const row of page.rows) found.set(stream.keyOf(row), row);
    if (page.next === null) return found;
    const oldestMs = Math.min(...page.rows.map((row) => stream.timeOf(row).getTime()));
    if (stream.paging === 'cursor' || oldestMs + 1 >= toMs) cursor = page.next;
    else [cursor, toMs] = [null, oldestMs + 1];
  }
}
