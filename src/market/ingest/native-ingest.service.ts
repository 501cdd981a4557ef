import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { DomainError } from '../../platform/http/domain-error.js';
import type { InputFault } from '../../platform/http/input-fault.js';
import type { IdempotentRequest, Outcome } from '../../platform/http/idempotency.service.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { MARKET_ERROR } from '../market.errors.js';
import { batchEvent } from './batch-event.js';
import type { IngestResultDto, VerdictDto } from './ingest.dto.js';
import { IngestService, type StoredIds } from './ingest.service.js';
import { judgeBatch, type JudgedBatch, parseLines } from './judge-batch.js';
import { MAX_BATCH, nativeObservationSchema } from './observation.js';

/** The native door of the ingest: one server per batch, each element judged by itself. */
@Injectable()
export class NativeIngestService {
  private readonly schema = nativeObservationSchema(Date.now);

  constructor(
    private readonly directory: CatalogDirectory,
    private readonly ingest: IngestService,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError for a batch that is empty, too large, no array, or of which nothing can be taken */
  async store(
    principal: Principal,
    place: { game: string; server: string },
    sent: { body: unknown; isLines: boolean },
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<IngestResultDto>> {
    const server = await this.directory.server(place.game, place.server);
    const judged = this.judge(sent);
    const before = await this.ingest.findAnswer<IngestResultDto>(principal, request);
    if (before) return before;
    const batches = [{ server, observations: judged.valid }];
    return this.ingest.store(principal, batches, request, async (stored, tx, displacedCounts) => {
      await this.audit.record(tx, principal, batchEvent(batches, stored, displacedCounts));
      return toResult(judged, stored[0] ?? [], displacedCounts[0] ?? 0);
    });
  }

  private judge(sent: { body: unknown; isLines: boolean }): JudgedBatch {
    const elements = sent.isLines && typeof sent.body === 'string' ? parseLines(sent.body) : sent.body;
    if (!Array.isArray(elements))
      throw unprocessable(MARKET_ERROR.batchNotArray, 'Send an array of observations.');
    if (elements.length === 0) throw unprocessable(MARKET_ERROR.batchEmpty, 'The batch is empty.');
    if (elements.length > MAX_BATCH) {
      throw new DomainError(
        'tooLarge',
        MARKET_ERROR.batchTooLarge,
        `A batch has at most ${MAX_BATCH} elements.`,
      );
    }
    const judged = judgeBatch(elements as unknown[], this.schema);
    if (judged.valid.length === 0) {
      const faults = [...judged.faults.values()].slice(0, 100);
      throw unprocessable(MARKET_ERROR.batchRejected, 'No element of the batch can be taken.', faults);
    }
    return judged;
  }
}

function unprocessable(code: string, detail: string, faults: readonly InputFault[] = []): DomainError {
  return new DomainError('unprocessable', code, detail, faults);
}

function toResult(judged: JudgedBatch, stored: StoredIds, displacedCount: number): IngestResultDto {
  const results = new Array<VerdictDto>(judged.valid.length + judged.faults.size);
  for (const [index, fault] of judged.faults) results[index] = { verdict: 'rejected', ...fault };
  let acceptedCount = 0;
  stored.forEach((observationId, k) => {
    if (observationId !== null) acceptedCount += 1;
    results[judged.positions[k]!] =
      observationId === null ? { verdict: 'duplicate' } : { verdict: 'accepted', observationId };
  });
  return {
    acceptedCount,
    duplicateCount: stored.length - acceptedCount,
    rejectedCount: judged.faults.size,
    displacedCount,
    results,
  };
}
