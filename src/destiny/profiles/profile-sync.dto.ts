import { ApiProperty } from '@nestjs/swagger';
import { COMPONENT_STATES, type ComponentState } from '../bungie/profile-snapshot.js';

export const RUN_STATES = ['queued', 'running', 'rate_limited', 'succeeded', 'failed', 'cancelled'] as const;
export const COPY_STATES = ['running', 'idle', 'rate_limited', 'error', 'unknown'] as const;

export class DestinySyncRunDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ enum: RUN_STATES })
  state: (typeof RUN_STATES)[number];
  @ApiProperty({ format: 'date-time' })
  createdAt: string;
  @ApiProperty({ nullable: true, format: 'date-time' })
  finishedAt: string | null;
  /** Of `rate_limited`: when it goes on. */
  @ApiProperty({ nullable: true, format: 'date-time' })
  retryAt: string | null;
  /** Why it failed, for people. */
  error: string | null;
}

export class DestinySyncStartedDto extends DestinySyncRunDto {
  /** A run was active already and serves this request too. */
  isJoined: boolean;
}

/** How current what is shown is. */
export class DestinySyncStatusDto {
  /** `unknown`: nothing was ever read; `error`: the last run failed, and what was read before is shown. */
  @ApiProperty({ enum: COPY_STATES })
  state: (typeof COPY_STATES)[number];
  /** Of `error`, for people. */
  error: string | null;
  /** Of `rate_limited`, for example while Bungie is under maintenance: when it goes on. */
  @ApiProperty({ nullable: true, format: 'date-time' })
  retryAt: string | null;
  @ApiProperty({ nullable: true, format: 'date-time' })
  lastSuccessAt: string | null;
  /** When it is read next by itself; it may take a minute more. */
  @ApiProperty({ nullable: true, format: 'date-time' })
  nextAt: string | null;
  /** When Bungie made profile, characters and items. */
  @ApiProperty({ nullable: true, format: 'date-time' })
  mintedAt: string | null;
  /** When it made the records. */
  @ApiProperty({ nullable: true, format: 'date-time' })
  recordsMintedAt: string | null;
  isStale: boolean;
  @ApiProperty({ enum: COMPONENT_STATES })
  recordsState: ComponentState;
  @ApiProperty({ enum: COMPONENT_STATES })
  inventoryState: ComponentState;
  @ApiProperty({ nullable: true, format: 'date-time' })
  lastPlayedAt: string | null;
  @ApiProperty({ type: 'integer' })
  minutesPlayed: number;
}
