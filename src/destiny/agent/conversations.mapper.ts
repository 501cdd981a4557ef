import type { ConversationRow } from './conversations.repository.js';
import type {
  AnswerCardDto,
  ConversationDto,
  ChatExchangeDto,
  ChatMessageDto,
  RunDto,
} from './conversations.dto.js';
import type { MessageRow, RunRow } from './messages.repository.js';

/** A question, its run, and the answer. */
export interface Exchange {
  readonly run: RunRow;
  readonly question: MessageRow;
  readonly answer: MessageRow;
}

export function toConversationDto(row: ConversationRow): ConversationDto {
  return {
    id: row.id,
    title: row.title,
    isArchived: row.isArchived,
    persona: row.persona,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function toChatMessageDto(row: MessageRow): ChatMessageDto {
  return {
    id: row.id,
    orderIndex: row.orderIndex,
    role: row.role,
    content: row.content,
    toolCalls: row.toolCalls.map(({ id, name, arguments: given, isError }) => ({
      id,
      name,
      arguments: given,
      isError,
    })),
    cards: row.cards.map((card): AnswerCardDto => ({ ...card })),
    mode: row.mode,
    model: row.model,
    tokenCount: row.tokenCount,
    latencyMs: row.latencyMs,
    status: row.status,
    clientMessageId: row.clientMessageId,
    createdAt: row.createdAt.toISOString(),
  };
}

export function toRunDto(row: RunRow): RunDto {
  return {
    id: row.id,
    conversationId: row.conversationId,
    questionId: row.questionId,
    answerId: row.answerId,
    state: row.state,
    mode: row.mode,
    promptVersion: row.promptVersion,
    roundCount: row.roundCount,
    errorCode: row.errorCode,
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

export function toChatExchangeDto({ run, question, answer }: Exchange): ChatExchangeDto {
  return { run: toRunDto(run), question: toChatMessageDto(question), answer: toChatMessageDto(answer) };
}
