import type { AnswerCard } from './answer-card.js';
import type { AnswerMode } from './message-parts.js';

/** What a stream tells of a run, under AG-UI's names. One text message and any number of tool calls lie between start and end. */
export type RunEvent =
  | { readonly type: 'RUN_STARTED'; readonly threadId: string; readonly runId: string }
  | { readonly type: 'TEXT_MESSAGE_START'; readonly messageId: string; readonly role: 'assistant' }
  | { readonly type: 'TEXT_MESSAGE_CONTENT'; readonly messageId: string; readonly delta: string }
  | { readonly type: 'TEXT_MESSAGE_END'; readonly messageId: string }
  | { readonly type: 'TOOL_CALL_START'; readonly toolCallId: string; readonly toolCallName: string }
  | { readonly type: 'TOOL_CALL_ARGS'; readonly toolCallId: string; readonly delta: string }
  | { readonly type: 'TOOL_CALL_END'; readonly toolCallId: string }
  | { readonly type: 'STATE_SNAPSHOT'; readonly snapshot: RunSnapshot }
  | { readonly type: 'RUN_FINISHED'; readonly threadId: string; readonly runId: string }
  | { readonly type: 'RUN_ERROR'; readonly message: string; readonly code: string };

export interface RunSnapshot {
  readonly mode: AnswerMode;
  readonly cards: readonly AnswerCard[];
}
