import type { AgentEvent } from '../../platform/ai/run-events.js';
import type { AnswerMode } from './message-parts.js';

/** What a stream tells of a run, under AG-UI's names; the last event says which message has come of it. */
export type RunEvent =
  | Exclude<AgentEvent, { readonly type: 'RUN_STARTED' | 'RUN_FINISHED' | 'RUN_ERROR' }>
  | { readonly type: 'RUN_STARTED'; readonly threadId: string; readonly runId: string }
  | {
      readonly type: 'RUN_FINISHED';
      readonly threadId: string;
      readonly runId: string;
      readonly result: { readonly answerId: string; readonly mode: AnswerMode };
    }
  | { readonly type: 'RUN_ERROR'; readonly message: string; readonly code: string };
