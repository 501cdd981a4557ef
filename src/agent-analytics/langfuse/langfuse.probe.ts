import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceCheck } from '../../platform/sync/sync-source.js';
import { SyncFault } from '../../platform/sync/sync-fault.js';
import type { LangfuseAnswer, LangfuseClient, LangfuseQuery } from './langfuse.client.js';

// Which API a Langfuse is read by. The legacy one holds everything as long as it is there. v2 is for servers that have taken it out or say
// when they will: in a server that writes both, v2 may know recent rows only.

export type Generation = 'legacy' | 'v2';

/** The plan's budget asks for such rests between two calls; longer ones are somebody's limit. */
const LONGEST_PACE_MS = 5_000;
const MOST_PACES = 5;

export class LangfuseProbe {
  private chosen: Generation | null;

  constructor(private readonly client: LangfuseClient) {
    const { api } = client.project;
    this.chosen = api === 'auto' ? null : api;
  }

  /** What is known so far; the legacy API where nothing is. */
  get known(): Generation {
    return this.chosen ?? 'legacy';
  }

  /** Asks the server unless the settings say, or it was asked before. @throws SyncFault */
  async choose(signal: AbortSignal): Promise<Generation> {
    this.chosen ??= (await this.ask(signal)).generation;
    return this.chosen;
  }

  /** The server does not have any more what it had. Where it does not say either, the next run asks. */
  async askAgain(signal: AbortSignal): Promise<void> {
    if (this.client.project.api !== 'auto') return;
    try {
      this.chosen = (await this.ask(signal)).generation;
    } catch (error) {
      if (!(error instanceof SyncFault)) throw error;
      this.chosen = null;
    }
  }

  /** Never throws for what the server does. */
  async check(signal: AbortSignal): Promise<SourceCheck> {
    try {
      const { generation, endsOn } = await this.ask(signal);
      const api = generation === 'v2' ? 'observations v2' : 'the legacy API';
      const end = generation === 'legacy' && endsOn !== null ? `, which it says ends on ${endsOn}` : '';
      return { isOk: true, detail: `Langfuse takes the keys and is read by ${api}${end}.` };
    } catch (error) {
      if (!(error instanceof SyncFault)) throw error;
      return { isOk: false, detail: error.message };
    }
  }

  private async ask(signal: AbortSignal): Promise<{ generation: Generation; endsOn: string | null }> {
    const { api } = this.client.project;
    const legacy = api === 'v2' ? null : await this.has('legacy', 'sessions', { page: 1, limit: 1 }, signal);
    const endsOn = legacy?.deprecation?.sunsetAt ?? null;
    if (legacy !== null && (api === 'legacy' || legacy.deprecation === null))
      return { generation: 'legacy', endsOn };
    if (api !== 'legacy' && (await this.has('api', 'v2/observations', { limit: 1 }, signal)) !== null)
      return { generation: 'v2', endsOn };
    if (legacy !== null) return { generation: 'legacy', endsOn };
    const missing = { auto: 'neither API', legacy: 'no legacy API', v2: 'no observations v2' }[api];
    throw new SyncFault('gone', `The server has ${missing} that Langfuse could be read by.`);
  }

  /** @returns null where the server does not have the call */
  private async has(
    resource: 'legacy' | 'api',
    path: string,
    query: LangfuseQuery,
    signal: AbortSignal,
  ): Promise<LangfuseAnswer | null> {
    for (let paces = 0; ; paces += 1) {
      try {
        return await this.client.get(resource, path, query, signal);
      } catch (error) {
        if (!(error instanceof SyncFault)) throw error;
        if (error.kind === 'gone') return null;
        const restMs = error.kind === 'rate_limited' ? error.retryAfterMs : null;
        if (restMs === null || restMs > LONGEST_PACE_MS || paces === MOST_PACES) throw error;
        await sleep(restMs, undefined, { signal });
      }
    }
  }
}
