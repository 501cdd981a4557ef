import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import type { SearchServerSettings } from '../../platform/config/search-settings.js';
import { OUTBOUND_ERROR, OutboundError } from '../../platform/outbound/outbound.errors.js';
import { defineProvider, type OutboundPolicy } from '../../platform/outbound/outbound-policy.js';
import {
  Outbound,
  type OutboundAnswer,
  type OutboundRequest,
} from '../../platform/outbound/outbound.service.js';
import { OBJECT_KINDS, type ObjectKind } from '../objects/object-kinds.js';

// Elasticsearch (7.10 and later) or OpenSearch, by what both understand of HTTP. Their own clients refuse each other's servers.

/** Somebody waits for the answer, and PostgreSQL has one too. */
const QUESTIONS = defineProvider({
  provider: 'search-server',
  connectTimeoutMs: 500,
  totalTimeoutMs: 2_000,
  mostTries: 1,
  mostParallel: 16,
});
/** Jobs, whose queue tries again. */
const WORK = defineProvider({
  provider: 'search-server-work',
  totalTimeoutMs: 30_000,
  mostTries: 1,
  mostParallel: 4,
});

const hit = z.object({
  _id: z.string(),
  _source: z
    .object({ names: z.array(z.string()).optional(), masters_names: z.array(z.string()).optional() })
    .optional(),
});
const page = z.object({ hits: z.object({ hits: z.array(hit) }) });
const manyPages = z.object({ responses: z.array(page) });
const counts = z.object({
  aggregations: z.object({
    kinds: z.object({ buckets: z.array(z.object({ key: z.enum(OBJECT_KINDS), doc_count: z.int() })) }),
  }),
});
const tally = z.object({
  hits: z.object({ total: z.object({ value: z.int() }) }),
  aggregations: z.object({ changes: z.object({ value: z.number() }) }),
});
const bulkAnswer = z.object({
  errors: z.boolean(),
  items: z.array(z.record(z.string(), z.object({ status: z.int() }))),
});

const removal = z.object({ deleted: z.int(), version_conflicts: z.int(), failures: z.array(z.unknown()) });

export type IndexHit = z.infer<typeof hit>;

/** A document with the number of the change that it comes from: an older one never takes the place of a newer one. */
export interface VersionedDocument {
  readonly id: string;
  readonly version: string;
  readonly document: object;
}

const CONFLICT = 409;
const REMOVED_AT_ONCE = 5_000;
/** Characters of one request; servers take 100 MB by default, and texts of an object may have a few hundred thousand. */
const MOST_BULK_LENGTH = 4_000_000;

@Injectable()
export class SearchServer {
  constructor(
    private readonly outbound: Outbound,
    @Inject(ENV) private readonly env: Pick<Env, 'searchServer'>,
  ) {}

  /** One is configured. */
  get isOn(): boolean {
    return this.env.searchServer !== undefined;
  }

  /** Is it there, and does it answer questions to an index? @param name none = there is no index yet @throws OutboundError */
  async ping(name: string | undefined): Promise<void> {
    if (name === undefined)
      await this.json(QUESTIONS, { url: '/' }, z.object({ version: z.object({ number: z.string() }) }));
    else await this.find(name, [{ size: 0 }]);
  }

  /** @returns false where the server refuses the layout, such as for a filter that it does not know @throws OutboundError */
  async createIndex(name: string, layout: object): Promise<boolean> {
    const json = { ...layout, aliases: { [name]: {} } };
    const { status } = await this.call(WORK, { method: 'PUT', url: `/${name}-data`, json });
    if (status === 400) return false;
    if (status > 299) throw refused(WORK, status);
    return true;
  }

  /** @throws OutboundError */
  async hasIndex(name: string): Promise<boolean> {
    const { status } = await this.call(WORK, { url: `/_alias/${name}` });
    if (status === 404) return false;
    if (status > 299) throw refused(WORK, status);
    return true;
  }

  /** One that is not there is no fault. @throws OutboundError */
  async dropIndex(name: string): Promise<void> {
    const { status } = await this.call(WORK, { method: 'DELETE', url: `/${name}-data` });
    if (status > 299 && status !== 404) throw refused(WORK, status);
  }

  /**
   * What is there in a newer version stays; searchable after `refresh`.
   * @returns false where the signal came before all of them were put @throws OutboundError also when one of them is not taken
   */
  async put(name: string, documents: readonly VersionedDocument[], signal: AbortSignal): Promise<boolean> {
    let [lines, length]: [string[], number] = [[], 0];
    for (const { id, version, document } of documents) {
      const action = { index: { _id: id, version: Number(version), version_type: 'external_gte' } };
      const line = `${JSON.stringify(action)}\n${JSON.stringify(document)}\n`;
      if (length + line.length > MOST_BULK_LENGTH && lines.length > 0) {
        if (signal.aborted) return false;
        await this.putLines(name, lines);
        [lines, length] = [[], 0];
      }
      lines.push(line);
      length += line.length;
    }
    if (signal.aborted) return false;
    if (lines.length > 0) await this.putLines(name, lines);
    return true;
  }

  /** Makes searchable what was put. @throws OutboundError */
  async refresh(name: string): Promise<void> {
    const { status } = await this.call(WORK, { method: 'POST', url: `/${name}/_refresh` });
    if (status > 299) throw refused(WORK, status);
  }

  /** All of it, in portions. @returns false where the signal came first @throws OutboundError also when some of it stays */
  async removeCampaign(name: string, campaignId: string, signal: AbortSignal): Promise<boolean> {
    await this.refresh(name); // or what was put last would not be seen
    const json = { query: { term: { campaign_id: campaignId } } };
    const url = `/${name}/_delete_by_query?conflicts=proceed&refresh=true&max_docs=${REMOVED_AT_ONCE}`;
    for (let removed = REMOVED_AT_ONCE; removed >= REMOVED_AT_ONCE;) {
      if (signal.aborted) return false;
      const {
        deleted,
        failures,
        version_conflicts: conflicts,
      } = await this.json(WORK, { method: 'POST', url, json }, removal);
      if (failures.length > 0 || conflicts > 0) throw refused(WORK, CONFLICT);
      removed = deleted;
    }
    return true;
  }

  /** @returns of each query its hits, in order @throws OutboundError */
  async find(name: string, queries: readonly object[]): Promise<IndexHit[][]> {
    const body = queries.map((query) => `{}\n${JSON.stringify(query)}\n`).join('');
    const headers = { 'content-type': 'application/x-ndjson' };
    const url = `/${name}/_msearch?filter_path=responses.hits.hits`;
    const { responses } = await this.json(QUESTIONS, { method: 'POST', url, body, headers }, manyPages);
    if (responses.length !== queries.length)
      throw new OutboundError(OUTBOUND_ERROR.badAnswer, QUESTIONS.provider);
    return responses.map(({ hits }) => hits.hits);
  }

  /** @returns by kind, how many, in the order of the query @throws OutboundError */
  async count(name: string, query: object): Promise<{ kind: ObjectKind; count: number }[]> {
    const { aggregations } = await this.search(QUESTIONS, name, query, counts);
    return aggregations.kinds.buckets.map(({ key, doc_count: count }) => ({ kind: key, count }));
  }

  /** @returns what `tallyQuery` asks for @throws OutboundError */
  async tally(name: string, query: object): Promise<{ count: number; changes: number }> {
    const { hits, aggregations } = await this.search(WORK, name, query, tally);
    return { count: hits.total.value, changes: aggregations.changes.value };
  }

  private async putLines(name: string, lines: readonly string[]): Promise<void> {
    const url = `/${name}/_bulk?require_alias=true&filter_path=errors,items.*.status`;
    const headers = { 'content-type': 'application/x-ndjson' };
    const request = { method: 'POST', url, headers, body: lines.join('') };
    const { items } = await this.json(WORK, request, bulkAnswer);
    const statuses = items.flatMap((item) => Object.values(item).map(({ status }) => status));
    const fault = statuses.find((status) => status > 299 && status !== CONFLICT);
    if (fault !== undefined || statuses.length !== lines.length) throw refused(WORK, fault ?? 200);
  }

  private search<T>(policy: OutboundPolicy, name: string, query: object, schema: z.ZodType<T>): Promise<T> {
    return this.json(policy, { method: 'POST', url: `/${name}/_search`, json: query }, schema);
  }

  private async json<T>(policy: OutboundPolicy, request: OutboundRequest, schema: z.ZodType<T>): Promise<T> {
    const { value } = await this.outbound.requestJson(policy, this.addressed(request), schema);
    return value;
  }

  private call(policy: OutboundPolicy, request: OutboundRequest): Promise<OutboundAnswer> {
    return this.outbound.request(policy, this.addressed(request));
  }

  private addressed(request: OutboundRequest): OutboundRequest {
    const { baseUrl, authorization } = this.settings();
    return {
      redirect: 'manual', // what campaigns hold goes to this server alone
      ...request,
      url: `${baseUrl}${String(request.url)}`,
      headers: { ...request.headers, ...(authorization !== undefined && { authorization }) },
    };
  }

  private settings(): SearchServerSettings {
    if (this.env.searchServer === undefined) throw new Error('No search server is configured.');
    return this.env.searchServer;
  }
}

function refused({ provider }: OutboundPolicy, status: number): OutboundError {
  return new OutboundError(OUTBOUND_ERROR.refused, provider, { status });
}
