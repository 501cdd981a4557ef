import { Injectable } from '@nestjs/common';
import type { Scope, Tx } from '../database/unit-of-work.js';
import { DomainError } from './domain-error.js';
import { IdempotencyRepository, type StoredResponse } from './idempotency.repository.js';

// A phone that got no answer sends again. The key is inserted in the business transaction, so it exists exactly if the
// effect does: a repetition gets the first answer, a repetition with another body is refused, and a request that
// failed leaves no key behind.

export const IDEMPOTENCY_HOURS = 24;

export const IDEMPOTENCY_ERROR = {
  /** (422) the key was used with another body. */
  reused: 'http/idempotency-key-reused',
  /** (400) 1 to 255 printable ASCII characters. */
  malformed: 'http/idempotency-key-malformed',
} as const;

export interface IdempotentRequest {
  /** The route's pattern: the same key on another route is another request. */
  route: string;
  key: string;
  bodyDigest: Buffer;
}

export interface Outcome<T> {
  status: number;
  body: T;
  isReplayed: boolean;
}

@Injectable()
export class IdempotencyService {
  constructor(private readonly keys: IdempotencyRepository) {}

  /**
   * Runs `work` once per (user, route, key) inside `tx`; without a request to compare it just runs.
   * @param status of the answer when `work` succeeds
   */
  async once<T>(
    tx: Tx,
    scope: Scope,
    request: IdempotentRequest | undefined,
    status: number,
    work: () => Promise<T>,
  ): Promise<Outcome<T>> {
    if (!request) return { status, body: await work(), isReplayed: false };
    const { route, key, bodyDigest } = request;
    if (await this.keys.insertKey(tx, scope.id, route, key, bodyDigest)) {
      const body = await work();
      await this.keys.updateResponse(tx, scope.id, route, key, status, JSON.stringify(body));
      return { status, body, isReplayed: false };
    }
    const stored = await this.keys.findResponse(tx, scope.id, route, key);
    if (!stored) throw new Error('An idempotency key vanished while it was in use');
    return replay<T>(stored, bodyDigest);
  }

  /**
   * The answer of a request that was made before, for those who write something outside of the transaction of {@link once}.
   * Undefined says nothing: the same request may be under way.
   * @throws DomainError when the key was used with another body
   */
  async findAnswer<T>(
    tx: Tx,
    scope: Scope,
    { route, key, bodyDigest }: IdempotentRequest,
  ): Promise<Outcome<T> | undefined> {
    const stored = await this.keys.findResponse(tx, scope.id, route, key);
    return stored && replay<T>(stored, bodyDigest);
  }
}

function replay<T>(stored: StoredResponse, bodyDigest: Buffer): Outcome<T> {
  if (!stored.bodyHash.equals(bodyDigest)) {
    throw new DomainError(
      'unprocessable',
      IDEMPOTENCY_ERROR.reused,
      'This Idempotency-Key was used with another body.',
    );
  }
  return { status: stored.status, body: stored.response as T, isReplayed: true };
}

/** The body to answer with; a repeated answer says that it is one. */
export function answerWith<T>(
  response: { setHeader(name: string, value: string): unknown },
  { body, isReplayed }: Outcome<T>,
): T {
  if (isReplayed) response.setHeader('Idempotency-Replayed', 'true');
  return body;
}

/** Reads the Idempotency-Key header of a request. @throws DomainError when it is malformed */
export function idempotentRequest(
  request: { headers: Record<string, string | string[] | undefined>; bodyDigest?: Buffer },
  route: string,
): IdempotentRequest | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined || request.bodyDigest === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new DomainError(
      'malformed',
      IDEMPOTENCY_ERROR.malformed,
      'Idempotency-Key takes 1 to 255 printable characters.',
    );
  }
  return { route, key, bodyDigest: request.bodyDigest };
}
