import type { RunFailureCode } from './ai.errors.js';

// What a run tells while it goes, in the words of AG-UI (docs.ag-ui.com): one RUN_STARTED, texts and calls each opened and closed, and one
// last event, which is RUN_FINISHED or RUN_ERROR and never both.

export type AgentEvent =
  | { readonly type: 'RUN_STARTED'; readonly threadId: string; readonly runId: string }
  | { readonly type: 'TEXT_MESSAGE_START'; readonly messageId: string; readonly role: 'assistant' }
  | { readonly type: 'TEXT_MESSAGE_CONTENT'; readonly messageId: string; readonly delta: string }
  | { readonly type: 'TEXT_MESSAGE_END'; readonly messageId: string }
  | { readonly type: 'TOOL_CALL_START'; readonly toolCallId: string; readonly toolCallName: string }
  | { readonly type: 'TOOL_CALL_ARGS'; readonly toolCallId: string; readonly delta: string }
  | { readonly type: 'TOOL_CALL_END'; readonly toolCallId: string }
  | {
      readonly type: 'TOOL_CALL_RESULT';
      readonly messageId: string;
      readonly toolCallId: string;
      readonly content: string;
      readonly role: 'tool';
    }
  /** Everything that is shown beside the texts, each time whole. */
  | { readonly type: 'STATE_SNAPSHOT'; readonly snapshot: { readonly cards: readonly unknown[] } }
  | { readonly type: 'RUN_FINISHED'; readonly threadId: string; readonly runId: string }
  | { readonly type: 'RUN_ERROR'; readonly code: RunFailureCode; readonly message: string };

export interface RunNames {
  readonly threadId: string;
  readonly runId: string;
}

/** Writes the events of one run in their order, and keeps what it has told. Rules that answer instead of a model write through it too. */
export class RunEvents<Card = unknown> {
  readonly cards: Card[] = [];
  private readonly texts: string[] = [];
  private messageId: string | undefined;
  private hasStarted = false;
  private hasEnded = false;

  constructor(
    private readonly names: RunNames,
    private readonly emit: (event: AgentEvent) => void,
    private readonly newId: () => string,
  ) {}

  /** All texts so far. */
  get text(): string {
    return this.texts.join('\n\n').trim();
  }

  get isOver(): boolean {
    return this.hasEnded;
  }

  start(): void {
    if (this.hasStarted) return;
    this.hasStarted = true;
    this.tell({ type: 'RUN_STARTED', threadId: this.names.threadId, runId: this.names.runId });
  }

  /** Goes on with the open text, or opens one. */
  write(delta: string): void {
    if (delta === '' || this.hasEnded) return;
    if (this.messageId === undefined) {
      this.messageId = this.newId();
      this.texts.push('');
      this.tell({ type: 'TEXT_MESSAGE_START', messageId: this.messageId, role: 'assistant' });
    }
    this.texts[this.texts.length - 1] += delta;
    this.tell({ type: 'TEXT_MESSAGE_CONTENT', messageId: this.messageId, delta });
  }

  endText(): void {
    const { messageId } = this;
    if (messageId === undefined) return;
    this.messageId = undefined;
    this.tell({ type: 'TEXT_MESSAGE_END', messageId });
  }

  call(toolCallId: string, toolCallName: string, argumentsText: string): void {
    this.endText();
    this.tell({ type: 'TOOL_CALL_START', toolCallId, toolCallName });
    if (argumentsText !== '') this.tell({ type: 'TOOL_CALL_ARGS', toolCallId, delta: argumentsText });
    this.tell({ type: 'TOOL_CALL_END', toolCallId });
  }

  result(toolCallId: string, content: string): void {
    this.tell({ type: 'TOOL_CALL_RESULT', messageId: this.newId(), toolCallId, content, role: 'tool' });
  }

  show(cards: readonly Card[]): void {
    if (cards.length === 0) return;
    this.endText();
    this.cards.push(...cards);
    this.tell({ type: 'STATE_SNAPSHOT', snapshot: { cards: [...this.cards] } });
  }

  finish(): void {
    this.start();
    this.endText();
    this.tell({ type: 'RUN_FINISHED', threadId: this.names.threadId, runId: this.names.runId });
    this.hasEnded = true;
  }

  fail(code: RunFailureCode, message: string): void {
    if (this.hasEnded) return;
    this.start();
    this.endText();
    this.tell({ type: 'RUN_ERROR', code, message });
    this.hasEnded = true;
  }

  /** Behind the last event there is none. A listener that fails is told nothing more. */
  private tell(event: AgentEvent): void {
    if (this.hasEnded) return;
    try {
      this.emit(event);
    } catch (error) {
      this.hasEnded = true;
      throw error;
    }
  }
}
