import { createHash } from 'node:crypto';
import type { LangfuseProject } from '../../platform/config/langfuse-settings.js';
import { defineProvider, type OutboundPolicy } from '../../platform/outbound/outbound-policy.js';
import {
  OUTBOUND_ERROR,
  OutboundError,
  type OutboundErrorCode,
} from '../../platform/outbound/outbound.errors.js';
import type { Outbound, OutboundAnswer } from '../../platform/outbound/outbound.service.js';
import { SyncFault, type SyncFaultKind } from '../../platform/sync/sync-fault.js';
import type { Json } from './canonical-rows.js';
import { parseExactJson } from './exact-json.js';
import { isObject } from './loose-fields.js';
import { callBudget, type LangfuseResource } from './langfuse-policies.js';

// One request to Langfuse, one answer as JSON or one fault. Nothing is tried again here and nobody waits: the engine does both, with the
// same patience for every upstream. Messages of faults are our own sentences: what Langfuse writes may repeat what it was sent.

const REQUEST_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** Langfuse Cloud ends at about 5 MB; servers of one's own may be asked for pages that are larger. */
const MOST_RESPONSE_BYTES = 16 * 1_024 * 1_024;
/** The projects of one server in one process. */
const MOST_PARALLEL = 4;

export type LangfuseQuery = Readonly<Record<string, string | number | Date | undefined>>;

/** What an answer said of its own end. */
export interface Deprecation {
  readonly message: string;
  readonly sunsetAt: string | null;
}

export interface LangfuseAnswer {
  readonly json: { readonly [key: string]: Json };
  /** Of the legacy API on Langfuse Cloud. */
  readonly deprecation: Deprecation | null;
}

const OUTBOUND_KINDS: Readonly<Record<OutboundErrorCode, SyncFaultKind>> = {
  [OUTBOUND_ERROR.timeout]: 'transient',
  [OUTBOUND_ERROR.connectionFailed]: 'transient',
  [OUTBOUND_ERROR.unavailable]: 'transient',
  [OUTBOUND_ERROR.circuitOpen]: 'transient',
  [OUTBOUND_ERROR.tooBusy]: 'transient',
  [OUTBOUND_ERROR.aborted]: 'transient',
  [OUTBOUND_ERROR.rateLimited]: 'rate_limited',
  [OUTBOUND_ERROR.budgetExhausted]: 'rate_limited',
  [OUTBOUND_ERROR.tooLarge]: 'too_large',
  [OUTBOUND_ERROR.refused]: 'malformed',
  [OUTBOUND_ERROR.badAnswer]: 'malformed',
  [OUTBOUND_ERROR.badRedirect]: 'malformed',
  [OUTBOUND_ERROR.blockedAddress]: 'malformed',
  [OUTBOUND_ERROR.badRequest]: 'malformed',
};

const STATUS_FAULTS: Readonly<Record<number, readonly [SyncFaultKind, string]>> = {
  400: ['malformed', 'Langfuse does not understand the request (400).'],
  401: ['auth', 'Langfuse does not take the keys (401): are they of this project, and of this server?'],
  403: ['auth', 'Langfuse does not let these keys read the project (403).'],
  404: ['gone', 'This Langfuse does not have the API that was asked for (404).'],
  405: ['gone', 'This Langfuse does not have the API that was asked for (405).'],
  408: ['transient', 'Langfuse did not get to the request in time (408).'],
  410: ['gone', 'Langfuse has taken the API out that was asked for (410).'],
  413: ['too_large', 'The request is too much for Langfuse (413).'],
  422: ['too_large', 'The request took the database of Langfuse too long (422).'],
  425: ['transient', 'Langfuse was not ready for the request (425).'],
};

export class LangfuseClient {
  private readonly authorization: string;
  private readonly policies: Readonly<Record<LangfuseResource, OutboundPolicy>>;
  private isDeprecationTold = false;

  /** @param onDeprecation is told once, of the first answer that says so */
  constructor(
    private readonly outbound: Outbound,
    readonly project: LangfuseProject,
    private readonly onDeprecation: (deprecation: Deprecation) => void,
  ) {
    const pair = Buffer.from(`${project.publicKey}:${project.secretKey}`).toString('base64');
    this.authorization = `Basic ${pair}`;
    this.policies = policiesOf(project);
  }

  /** In every form in which they travel. */
  get secrets(): readonly string[] {
    return [this.project.secretKey, this.project.publicKey, this.authorization.slice('Basic '.length)];
  }

  /** @param path below `/api/public/` @throws SyncFault, and the signal's reason */
  async get(
    resource: LangfuseResource,
    path: string,
    query: LangfuseQuery,
    signal: AbortSignal,
  ): Promise<LangfuseAnswer> {
    const url = new URL(`${this.project.baseUrl}/api/public/${path}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined)
        url.searchParams.set(name, value instanceof Date ? value.toISOString() : String(value));
    const headers = { authorization: this.authorization, accept: 'application/json' };
    const answer = await this.outbound
      .request(this.policies[resource], { url, headers, redirect: 'manual', signal })
      .catch((error: unknown) => {
        signal.throwIfAborted();
        throw error instanceof OutboundError ? faultOfOutbound(error) : error;
      });
    if (answer.status < 200 || answer.status > 299) throw faultOfStatus(answer.status);
    const json = jsonOf(answer);
    const deprecation = deprecationOf(json['_deprecation']);
    if (deprecation !== null && !this.isDeprecationTold) {
      this.isDeprecationTold = true;
      this.onDeprecation(deprecation);
    }
    return { json, deprecation };
  }
}

function faultOfOutbound({ code, message, retryAfterMs }: OutboundError): SyncFault {
  const sentence = `${message.replace(/^langfuse-\w+(?:-\w+)?/, 'Langfuse')}.`;
  return new SyncFault(OUTBOUND_KINDS[code], sentence, { retryAfterMs });
}

function faultOfStatus(status: number): SyncFault {
  const known = STATUS_FAULTS[status];
  if (known !== undefined) return new SyncFault(...known);
  if (status >= 300 && status < 400)
    return new SyncFault(
      'malformed',
      `The address of Langfuse leads elsewhere (${status}): is it the right one?`,
    );
  return new SyncFault('malformed', `Langfuse refused the request (${status}).`);
}

/** @throws SyncFault for a page of HTML, half a JSON, or another value than an object */
function jsonOf({ body, headers }: OutboundAnswer): { readonly [key: string]: Json } {
  const text = body.toString();
  let json: Json;
  try {
    json = parseExactJson(text);
  } catch {
    // JSON that ends too early has lost its end on the way and may come whole next time; a page of HTML is somebody else's answer.
    if (!/html/i.test(headers['content-type'] ?? '') && /^\s*\{/.test(text))
      throw new SyncFault('transient', 'The answer of Langfuse ended too early.');
    throw new SyncFault('malformed', 'What answered sent no JSON: is the address that of Langfuse?');
  }
  if (!isObject(json))
    throw new SyncFault('malformed', 'Langfuse answered JSON of another shape than it should.');
  return json;
}

function deprecationOf(value: Json | undefined): Deprecation | null {
  if (!isObject(value)) return null;
  const { message, sunsetAt } = value;
  return {
    message: typeof message === 'string' ? message.slice(0, 300) : 'deprecated',
    sunsetAt: typeof sunsetAt === 'string' ? sunsetAt.slice(0, 40) : null,
  };
}

/** Limits are the organisation's; projects of one server are taken for one organisation's. */
function policiesOf({ baseUrl, plan }: LangfuseProject): Readonly<Record<LangfuseResource, OutboundPolicy>> {
  const server = createHash('sha256').update(new URL(baseUrl).origin).digest('hex').slice(0, 10);
  const policy = (resource: LangfuseResource): OutboundPolicy => {
    const budget = callBudget(plan, resource);
    return defineProvider({
      provider: `langfuse-${resource}-${server}`,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      totalTimeoutMs: REQUEST_TIMEOUT_MS,
      mostResponseBytes: MOST_RESPONSE_BYTES,
      mostTries: 1,
      mostParallel: MOST_PARALLEL,
      breaker: { failures: 10, halfOpenMs: 15_000 },
      budgets: budget === null ? [] : [{ name: 'calls', shape: 'bucket', ...budget }],
    });
  };
  return { legacy: policy('legacy'), api: policy('api'), metrics: policy('metrics') };
}
