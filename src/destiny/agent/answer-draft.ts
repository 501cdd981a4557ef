import type { AnswerCard } from './answer-card.js';
import type { AnswerMode, MessageStatus, StoredToolCall } from './message-parts.js';

/** What came of a run, before it is stored. */
export interface AnswerDraft {
  readonly status: MessageStatus;
  readonly mode: AnswerMode;
  readonly text: string;
  readonly toolCalls: readonly StoredToolCall[];
  readonly toolResults: readonly ToolResult[];
  readonly cards: readonly AnswerCard[];
  readonly model: string | null;
  readonly tokenCount: number | null;
  readonly roundCount: number;
  readonly promptVersion: string | null;
  readonly errorCode: string | null;
}

/** What a tool has answered to a call, as JSON. */
export interface ToolResult {
  readonly callId: string;
  readonly content: string;
}

export const ERROR_TEXT = 'I could not answer that. Please try again.';
export const CANCELLED_TEXT = 'Cancelled.';

/** Where nothing was worked out. */
export function emptyDraft(
  status: 'error' | 'cancelled',
  errorCode: string | null,
  mode: AnswerMode = 'rules',
): AnswerDraft {
  return {
    status,
    mode,
    text: status === 'error' ? ERROR_TEXT : CANCELLED_TEXT,
    toolCalls: [],
    toolResults: [],
    cards: [],
    model: null,
    tokenCount: null,
    roundCount: 0,
    promptVersion: null,
    errorCode,
  };
}
