/** Who says it. `tool` is what a tool has answered to the agent. */
export const MESSAGE_ROLES = ['user', 'assistant', 'tool'] as const;
export type MessageRole = (typeof MESSAGE_ROLES)[number];

/** Who has worked the answer out: a language model, or the rules of intent.ts. */
export const ANSWER_MODES = ['rules', 'llm'] as const;
export type AnswerMode = (typeof ANSWER_MODES)[number];

export const MESSAGE_STATUSES = ['complete', 'error', 'cancelled'] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

export const RUN_STATES = ['running', 'complete', 'error', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** What was asked of a tool, as it is kept with the answer. */
export interface StoredToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: unknown;
  /** The tool has refused it, or has failed. */
  readonly isError: boolean;
}
