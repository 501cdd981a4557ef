import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  Equals,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsUUID,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import {
  GHOST_BASES,
  GHOST_TYPES,
  type GhostBasis,
  type GhostType,
  LEAST_LINK_S,
  MOST_LINK_S,
  USUAL_LINK_S,
} from '../ghosts/ghost-kinds.js';
import {
  MOST_RACE_GHOSTS,
  PARTICIPANT_STATES,
  type ParticipantState,
  RACE_CLOCKS,
  RACE_MODES,
  RACE_STATUSES,
  type RaceClock,
  type RaceMode,
  type RaceStatus,
} from './race-kinds.js';

const MOST_NAME = 100;
const MOST_RUNNER_NAME = 50;

export class NewRaceDto {
  /** `ghosts`: alone against ghosts; `group`: with others, whom the owner invites, on the route of the first ghost. */
  @ApiPropertyOptional({ enum: RACE_MODES, default: 'ghosts' })
  @IsIn(RACE_MODES)
  mode: RaceMode = 'ghosts';

  /** Own ghosts, public ones, and ones that were taken over; 1 to 10. The first is the course. */
  @ApiProperty({
    type: [String],
    format: 'uuid',
    minItems: 1,
    maxItems: MOST_RACE_GHOSTS,
    uniqueItems: true,
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_RACE_GHOSTS)
  @ArrayUnique((id: unknown) => (typeof id === 'string' ? id.toLowerCase() : id))
  @IsUUID(undefined, { each: true })
  ghostIds: string[];

  /** 1 to 100 characters. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_NAME })
  @IsOptional()
  @StorableText(MOST_NAME)
  name?: string;

  /** Which clock counts: `elapsed` runs on in pauses. */
  @ApiPropertyOptional({ enum: RACE_CLOCKS, default: 'elapsed' })
  @IsIn(RACE_CLOCKS)
  clock: RaceClock = 'elapsed';

  /** When it is to begin; its ghosts are made ready a quarter of an hour before. */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  plannedAt?: string;

  /** As the owner wants to be called in it, 1 to 50 characters; without it by number. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_RUNNER_NAME })
  @IsOptional()
  @StorableText(MOST_RUNNER_NAME)
  runnerName?: string;
}

/** What is left out stays as it is. */
export class RaceChangeDto {
  /** Null for none. */
  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: MOST_NAME })
  @ValidateIf(isSaid)
  @StorableText(MOST_NAME)
  name?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, format: 'date-time' })
  @ValidateIf(isSaid)
  @IsISO8601({ strict: true, strictSeparator: true })
  plannedAt?: string | null;

  /** `cancelled`: nobody starts in it any more. There is no way back. */
  @ApiPropertyOptional({ enum: ['cancelled'] })
  @ValidateIf(isGiven)
  @Equals('cancelled')
  status?: 'cancelled';
}

export class RaceStartDto {
  /** The own run that races: one that is being recorded, or one that is over. In a group race not one of another provider. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  runId: string;
}

export class RaceEntryDto {
  /** As one wants to be called in the race, 1 to 50 characters; without it by number. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_RUNNER_NAME })
  @IsOptional()
  @StorableText(MOST_RUNNER_NAME)
  runnerName?: string;
}

export class RaceInviteWishDto {
  /** Seconds for which the invitation is valid, an hour to 365 days (30 days). */
  @ApiPropertyOptional({
    default: USUAL_LINK_S,
    minimum: LEAST_LINK_S,
    maximum: MOST_LINK_S,
    type: 'integer',
  })
  @IsInt()
  @Min(LEAST_LINK_S)
  @Max(MOST_LINK_S)
  validForS: number = USUAL_LINK_S;
}

export class RaceInviteDto {
  /** Whoever knows it may see, watch and join the race. It is told this once. */
  token: string;

  /** Path of the invitation at this server. */
  path: string;

  @ApiProperty({ format: 'date-time' })
  expiresAt: string;
}

export class RaceGhostDto {
  @ApiProperty({ format: 'uuid' })
  ghostId: string;

  /** As it was called when the race was made. */
  name: string;

  @ApiProperty({ enum: GHOST_TYPES })
  type: GhostType;
}

export class RaceParticipantDto {
  /** From 1, in the order of joining. */
  @ApiProperty({ type: 'integer' })
  number: number;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;

  isYou: boolean;

  @ApiProperty({ enum: PARTICIPANT_STATES })
  state: ParticipantState;
}

export class RaceDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: RACE_MODES })
  mode: RaceMode;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;

  @ApiProperty({ enum: RACE_CLOCKS })
  clock: RaceClock;

  /** `planned` until somebody starts, `finished` when everybody who joined has ended. */
  @ApiProperty({ enum: RACE_STATUSES })
  status: RaceStatus;

  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  plannedAt: string | null;

  /** Whether the caller made it. */
  isOwn: boolean;

  /** The caller's run in it; null = none yet. */
  @ApiProperty({ type: String, nullable: true, format: 'uuid' })
  runId: string | null;

  /** The first is the course. */
  @ApiProperty({ type: [RaceGhostDto] })
  ghosts: RaceGhostDto[];

  @ApiProperty({ type: [RaceParticipantDto] })
  participants: RaceParticipantDto[];

  /** Of an own race: until when its invitation is valid; null = there is none. */
  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  inviteExpiresAt: string | null;

  /** The ETag's number. */
  @ApiProperty({ type: 'integer' })
  version: number;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class RacesDto {
  @ApiProperty({ type: [RaceDto] })
  items: RaceDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

/** What an invitation shows. */
export class InvitedRaceDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;

  @ApiProperty({ enum: RACE_CLOCKS })
  clock: RaceClock;

  @ApiProperty({ enum: RACE_STATUSES })
  status: RaceStatus;

  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  plannedAt: string | null;

  /** Of the course. */
  courseName: string;

  @ApiProperty({ enum: GHOST_BASES })
  basis: GhostBasis;

  /** Metres; null = the course is gone. */
  @ApiProperty({ type: 'number', nullable: true })
  distanceM: number | null;

  /** How many have joined. */
  @ApiProperty({ type: 'integer' })
  participantCount: number;

  @ApiProperty({ format: 'date-time' })
  expiresAt: string;
}
