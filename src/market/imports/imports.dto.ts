import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';

export class NewImportDto {
  /** `csv` with a header line, or `ndjson` with elements like those of a batch of observations. */
  @ApiProperty({ enum: ['csv', 'ndjson'] })
  @IsIn(['csv', 'ndjson'])
  format: 'csv' | 'ndjson';
}

export class ImportFaultDto {
  part: number;
  /** 0-based row of its part, the header not counted. */
  row: number;
  pointer: string;
  code: string;
  detail: string;
}

export class ImportDto {
  id: string;
  format: 'csv' | 'ndjson';
  /**
   * `uploading` until it is started, `running` until every row has its verdict (`finished`); `stopped` when its job was
   * cancelled or has failed for good: it can be started again, and goes on where it was, or discarded.
   */
  state: 'uploading' | 'running' | 'finished' | 'stopped';
  /** The job that applies it, or the last one that did: its progress, cancellation and end are at `/api/v1/jobs/{id}`. */
  jobId: string | null;
  /** Parts that are stored; all of them go when it is finished. */
  partCount: number;
  /** Bytes of those. */
  sizeBytes: number;
  /** The parts before this one have been applied. */
  nextPart: number;
  acceptedCount: number;
  /** Points that repeat a stored one. */
  duplicateCount: number;
  /** Stored prices that the file displaced, being of the same source and moment as a lower one of it. */
  displacedCount: number;
  rejectedCount: number;
  /** The first hundred. */
  faults: ImportFaultDto[];
  createdAt: string;
  finishedAt: string | null;
}

export class ImportWithPartsDto extends ImportDto {
  /** Numbers of the stored parts, ascending: whoever lost their place sends those that are missing. */
  parts: number[];
}

export class ImportsDto {
  /** Newest first. */
  items: ImportDto[];
  nextCursor: string | null;
}

export class ImportPartDto {
  part: number;
  sizeBytes: number;
}
