/** What became of one element of a batch. */
export class VerdictDto {
  verdict: 'accepted' | 'duplicate' | 'rejected';
  /** Id of the stored observation; accepted only. */
  observationId?: number;
  /** Where the element is wrong, as a JSON pointer; rejected only. */
  pointer?: string;
  /** Which rule it broke; rejected only. */
  code?: string;
  /** The same in words; rejected only. */
  detail?: string;
}

export class IngestResultDto {
  acceptedCount: number;
  /** Elements that are known, or do not count: a price that repeats the one less than 15 minutes before, or contradicts its source. */
  duplicateCount: number;
  rejectedCount: number;
  /** Stored prices that no longer count, because the batch names a lower one of their source and instant. */
  displacedCount: number;
  /** One verdict per element, in the order sent. */
  results: VerdictDto[];
}
