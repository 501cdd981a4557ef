import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsString, Matches, MaxLength, MinLength, ValidateIf } from 'class-validator';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { SEEN_AND_STORED, STORABLE } from '../../platform/http/storable.js';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import {
  ANSWER_MODES,
  type AnswerMode,
  MESSAGE_ROLES,
  MESSAGE_STATUSES,
  type MessageRole,
  type MessageStatus,
  RUN_STATES,
  type RunState,
} from './message-parts.js';

export const MOST_TITLE = 100;
export const MOST_CONTENT = 4_000;
const MOST_PERSONA = 40;
/** What a client may call a message of its own. */
const CLIENT_ID = /^[\x21-\x7e]{1,100}$/;

export class NewConversationDto {
  /** 1 to 100 characters; without it the first message gives one. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_TITLE })
  @ValidateIf(isGiven)
  @IsString()
  @MinLength(1)
  @MaxLength(MOST_TITLE)
  @Matches(STORABLE, SEEN_AND_STORED)
  title?: string;

  /** `name` of one of `/personas`; null or absent for the default. */
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: MOST_PERSONA })
  @ValidateIf(isSaid)
  @IsString()
  @MaxLength(MOST_PERSONA)
  persona?: string | null;
}

/** What is left out stays as it is. */
export class ConversationChangeDto extends NewConversationDto {
  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  isArchived?: boolean;
}

export class ConversationsQueryDto extends PageQueryDto {
  /** Those in the archive (`true`), those outside of it (`false`, the default), or `all`. */
  @ApiPropertyOptional({ enum: ['true', 'false', 'all'], default: 'false' })
  @IsIn(['true', 'false', 'all'])
  archived: 'true' | 'false' | 'all' = 'false';
}

export class ConversationDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  /** Null until its first message. */
  @ApiProperty({ type: String, nullable: true })
  title: string | null;

  isArchived: boolean;

  @ApiProperty({ type: String, nullable: true })
  persona: string | null;

  /** For If-Match. */
  @ApiProperty({ type: 'integer' })
  version: number;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  /** Of the last message or change. */
  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class ConversationsDto {
  items: ConversationDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class NewChatMessageDto {
  /** What is asked, 1 to 4,000 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_CONTENT })
  @IsString()
  @MinLength(1)
  @MaxLength(MOST_CONTENT)
  @Matches(STORABLE, SEEN_AND_STORED)
  content: string;

  /** 1 to 100 printable characters. The same one again, in this conversation, is answered with what is stored. */
  @ApiPropertyOptional({ maxLength: 100 })
  @ValidateIf(isGiven)
  @IsString()
  @Matches(CLIENT_ID, { message: 'takes 1 to 100 printable characters without spaces' })
  clientMessageId?: string;
}

export class ToolCallDto {
  /** Names the answer of the tool, which is a message of role `tool` with this call. */
  id: string;

  name: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  arguments: unknown;

  isError: boolean;
}

export class AnswerCardDto {
  @ApiProperty({ enum: ['facts', 'action'] })
  type: 'facts' | 'action';

  /** Of `facts`: the tool that told them. */
  @ApiPropertyOptional()
  tool?: string;

  /** Of `facts`: what it told. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  facts?: unknown;

  /** Of `action`: what to write on the button. It is done when the player says so. */
  @ApiPropertyOptional()
  label?: string;

  @ApiPropertyOptional({ enum: ['POST'] })
  method?: string;

  /** Path on this server, called with the player's own token. */
  @ApiPropertyOptional()
  path?: string;
}

export class ChatMessageDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  /** From 0. */
  @ApiProperty({ type: 'integer' })
  orderIndex: number;

  @ApiProperty({ enum: MESSAGE_ROLES })
  role: MessageRole;

  /** Markdown of an answer, without pictures and without links to other hosts; of a tool, what the agent was told. */
  content: string;

  toolCalls: ToolCallDto[];

  cards: AnswerCardDto[];

  /** Who has worked it out. */
  @ApiProperty({ enum: ANSWER_MODES, nullable: true })
  mode: AnswerMode | null;

  @ApiProperty({ type: String, nullable: true })
  model: string | null;

  @ApiProperty({ type: 'integer', nullable: true })
  tokenCount: number | null;

  /** Milliseconds. */
  @ApiProperty({ type: 'integer', nullable: true })
  latencyMs: number | null;

  @ApiProperty({ enum: MESSAGE_STATUSES })
  status: MessageStatus;

  @ApiProperty({ type: String, nullable: true })
  clientMessageId: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;
}

export class ChatMessagesDto {
  items: ChatMessageDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class RunDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  conversationId: string;

  /** The message that is answered. */
  @ApiProperty({ format: 'uuid' })
  questionId: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  answerId: string | null;

  @ApiProperty({ enum: RUN_STATES })
  state: RunState;

  @ApiProperty({ enum: ANSWER_MODES, nullable: true })
  mode: AnswerMode | null;

  /** Begin of the SHA-256 of what the model was told first. */
  @ApiProperty({ type: String, nullable: true })
  promptVersion: string | null;

  /** Times that the model was asked. */
  @ApiProperty({ type: 'integer' })
  roundCount: number;

  @ApiProperty({ type: String, nullable: true })
  errorCode: string | null;

  @ApiProperty({ format: 'date-time' })
  startedAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  endedAt: string | null;
}

/** A message and what came of it. */
export class ChatExchangeDto {
  run: RunDto;

  question: ChatMessageDto;

  answer: ChatMessageDto;
}

export class PersonaDto {
  name: string;

  title: string;

  emoji: string;

  tone: string;

  /** Tools that it may use; nothing else is asked of any. */
  allowedTools: string[];
}

export class PersonasDto {
  items: PersonaDto[];
}

export class ModelDto {
  id: string;

  @ApiProperty({ enum: ANSWER_MODES })
  mode: AnswerMode;
}

export class ModelsDto {
  items: ModelDto[];
}
