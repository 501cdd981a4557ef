import { Agent, type Dispatcher, request as send } from 'undici';
import { isOwnNetworkAddress } from './address-guard.js';
import { BlockedAddressError, guardedConnector, type Resolve } from './guarded-connector.js';
import { OUTBOUND_ERROR, OutboundError } from './outbound.errors.js';
import type { OutboundPolicy } from './outbound-policy.js';

// One request, one answer, no opinion about either: bytes go out, at most so many come in, and what the network says becomes one of our
// errors. Two agents: providers from the configuration may stand anywhere, addresses given by users may not.

export interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  /** The address was given by a user or by a redirect: it must be public. */
  readonly isGuarded: boolean;
  readonly signal: AbortSignal;
}

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case; several of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An answer whose body has not been read yet. */
export interface OpenAnswer extends Omit<RawAnswer, 'body'> {
  /** The body as it comes. Ends with an OutboundError beyond the policy's bytes, or where the network does. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Gives up what has not been read; the connection with it. May be called again, and behind the end. */
  discard(): void;
}

export class Transport {
  private readonly agents = new Map<string, Agent>();

  /**
   * @param isPrivateAllowed tests only: guarded addresses may be private
   * @param resolve how guarded names are looked up, where a test answers instead of the system
   */
  constructor(
    private readonly isPrivateAllowed: boolean,
    private readonly resolve?: Resolve,
  ) {}

  /** @throws OutboundError */
  async exchange(policy: OutboundPolicy, exchange: Exchange): Promise<RawAnswer> {
    try {
      const answer = await this.send(policy, exchange);
      const body = await readBody(answer, policy, exchange.method === 'HEAD');
      return { status: answer.statusCode, headers: flatten(answer.headers), body };
    } catch (error) {
      throw toOutboundError(error, policy.provider);
    }
  }

  /** The same without the body, which the caller reads or discards. @throws OutboundError */
  async open(policy: OutboundPolicy, exchange: Exchange): Promise<OpenAnswer> {
    try {
      const { statusCode, headers, body } = await this.send(policy, exchange);
      // One that is discarded says so as an error, which nobody waits for.
      body.on('error', () => undefined);
      return {
        status: statusCode,
        headers: flatten(headers),
        chunks: chunksOf(body, policy),
        discard: () => void body.destroy(),
      };
    } catch (error) {
      throw toOutboundError(error, policy.provider);
    }
  }

  private send(policy: OutboundPolicy, exchange: Exchange): Promise<Dispatcher.ResponseData> {
    const { method, url, headers, body, signal } = exchange;
    return send(url, {
      method,
      headers: { 'accept-encoding': 'identity', ...headers },
      body,
      signal,
      dispatcher: this.agentFor(policy, exchange.isGuarded),
      headersTimeout: policy.totalTimeoutMs,
      bodyTimeout: policy.totalTimeoutMs,
    });
  }

  /** Lets go of idle connections and cuts the others. */
  async close(): Promise<void> {
    await Promise.all([...this.agents.values()].map((agent) => agent.destroy()));
    this.agents.clear();
  }

  /** Connections differ by how they are made only. */
  private agentFor({ connectTimeoutMs, isOwnNetworkOnly }: OutboundPolicy, isGuarded: boolean): Agent {
    const isChecked = isGuarded && !this.isPrivateAllowed;
    const key = `${isChecked} ${isOwnNetworkOnly} ${connectTimeoutMs}`;
    const known = this.agents.get(key);
    if (known) return known;
    const connect = isOwnNetworkOnly
      ? guardedConnector(connectTimeoutMs, this.resolve, isOwnNetworkAddress)
      : isChecked
        ? guardedConnector(connectTimeoutMs, this.resolve)
        : { timeout: connectTimeoutMs };
    const agent = new Agent({ connect });
    this.agents.set(key, agent);
    return agent;
  }
}

async function readBody(
  { headers, body }: Dispatcher.ResponseData,
  { mostResponseBytes, provider }: OutboundPolicy,
  isHead: boolean,
): Promise<Buffer> {
  const tooLarge = (): OutboundError => {
    body.on('error', () => undefined).destroy();
    return new OutboundError(OUTBOUND_ERROR.tooLarge, provider);
  };
  // An answer to HEAD announces what GET would bring.
  if (!isHead && Number(headers['content-length'] ?? 0) > mostResponseBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > mostResponseBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function* chunksOf(
  body: Dispatcher.ResponseData['body'],
  { mostResponseBytes, provider }: OutboundPolicy,
): AsyncGenerator<Buffer> {
  let sizeBytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > mostResponseBytes) throw new OutboundError(OUTBOUND_ERROR.tooLarge, provider);
      yield chunk;
    }
  } catch (error) {
    throw toOutboundError(error, provider);
  }
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  return flat;
}

const TIMEOUTS = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);
const OUR_FAULTS = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_NOT_SUPPORTED',
]);

/** Only the code of what was thrown is kept: its message may quote an address or a header. */
function toOutboundError(error: unknown, provider: string): OutboundError {
  if (error instanceof OutboundError) return error;
  if (isBlocked(error)) return new OutboundError(OUTBOUND_ERROR.blockedAddress, provider);
  const code = codeOf(error);
  if (TIMEOUTS.has(code)) return new OutboundError(OUTBOUND_ERROR.timeout, provider, { reason: code });
  if (OUR_FAULTS.has(code)) return new OutboundError(OUTBOUND_ERROR.badRequest, provider, { reason: code });
  return new OutboundError(OUTBOUND_ERROR.connectionFailed, provider, { reason: code });
}

function isBlocked(error: unknown): boolean {
  if (error instanceof BlockedAddressError) return true;
  return error instanceof AggregateError && error.errors.some(isBlocked);
}

function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return code;
  return typeof name === 'string' ? name : 'unknown';
}
