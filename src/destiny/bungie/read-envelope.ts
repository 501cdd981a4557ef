import { bitsOf, int32Of, isObject, type JsonObject } from './answer-fields.js';
import { BungieFault, type BungieFaultKind } from './bungie-fault.js';
import { kindOfErrorCode, silencesAll, SUCCESS } from './error-codes.js';
import { isVoidGrant } from './void-grant.js';

// Every answer of the API comes in an envelope `{Response, ErrorCode, ThrottleSeconds, ErrorStatus, Message, MessageData}`. Its ErrorCode
// says how it went, whatever the HTTP status: errors come with 200 as well as with 500 and 503, and a game's error is no outage.

/** Errors hold no more than their sentence; looking into whole profiles would parse each of them twice. */
const MOST_ERROR_BYTES = 16_384;
const LONGEST_THROTTLE_S = 3_600;

/** What an answer means to the calls of the whole installation; null = its status says it. */
export function judgeAnswer({
  status,
  body,
}: {
  readonly status: number;
  readonly body: Buffer;
}): { kind: 'answer' } | { kind: 'limited'; retryAfterMs: number | undefined } | null {
  if (body.length > MOST_ERROR_BYTES) return null;
  const text = body.toString();
  const envelope = parseEnvelope(text);
  // The token endpoint has a form of its own, and says by 500 too that a grant is void.
  if (envelope === null) return status >= 500 && isVoidGrant(status, text) ? { kind: 'answer' } : null;
  const { errorCode } = envelope;
  if (errorCode === SUCCESS) return null;
  if (!silencesAll(errorCode)) return { kind: 'answer' };
  return { kind: 'limited', retryAfterMs: throttleMs(envelope.json) ?? undefined };
}

/**
 * What the envelope holds.
 * @param isSigned the call carried a player's token
 * @throws BungieFault for an error of the API, and for what is no envelope
 */
export function readEnvelope(status: number, text: string, isSigned: boolean): unknown {
  const envelope = parseEnvelope(text);
  if (envelope === null) throw new BungieFault(kindOfStatus(status, isSigned));
  const { errorCode, json } = envelope;
  if (errorCode === SUCCESS && status >= 200 && status <= 299) return json['Response'];
  if (errorCode === SUCCESS) throw new BungieFault(kindOfStatus(status, isSigned), { errorCode });
  throw new BungieFault(kindOfErrorCode(errorCode), { errorCode, retryAfterMs: throttleMs(json) });
}

function parseEnvelope(text: string): { errorCode: number; json: JsonObject } | null {
  let json: unknown;
  try {
    json = JSON.parse(text) as unknown;
  } catch {
    return null;
  }
  const errorCode = isObject(json) ? int32Of(json['ErrorCode']) : undefined;
  return errorCode === undefined ? null : { errorCode, json: json as JsonObject };
}

function throttleMs(json: JsonObject): number | null {
  const seconds = bitsOf(json['ThrottleSeconds']) ?? 0;
  return seconds === 0 ? null : Math.min(seconds, LONGEST_THROTTLE_S) * 1_000;
}

function kindOfStatus(status: number, isSigned: boolean): BungieFaultKind {
  if (status === 401) return isSigned ? 'sign_in_again' : 'key';
  return status >= 400 ? 'unexpected' : 'malformed';
}
