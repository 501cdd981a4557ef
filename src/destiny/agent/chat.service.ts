import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import { Profiler } from '../../platform/profiling/profiler.service.js';
import { DESTINY_ERROR } from '../destiny.errors.js';
import { ActiveRuns, RunStopped } from './active-runs.service.js';
import { type AnswerDraft, emptyDraft } from './answer-draft.js';
import { AnswerDesk } from './answer-desk.service.js';
import type { Exchange } from './conversations.mapper.js';
import { Personas } from './personas.service.js';
import type { RunEvent } from './run-event.js';
import { type AskedMessage, type OpenRun, RunLedger } from './run-ledger.service.js';
import { Titles } from './titles.service.js';

/** Who listens to a run. */
export interface RunListener {
  /** Told once, before all events: from here on there is an answer, whatever it is. */
  begin(): void;
  readonly emit: (event: RunEvent) => void;
  /** Aborts when nobody listens any more. */
  readonly gone: AbortSignal;
}

/** Who is to answer one message. */
export interface AskedVoice {
  readonly persona?: string | null;
  readonly model?: string | null;
}

/** Answers messages: what is asked is stored, then answered, and what came of it is stored too. */
@Injectable()
export class ChatService {
  constructor(
    private readonly ledger: RunLedger,
    private readonly active: ActiveRuns,
    private readonly desk: AnswerDesk,
    private readonly personas: Personas,
    private readonly titles: Titles,
    private readonly profiler: Profiler,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'error'>,
  ) {}

  /**
   * A message that was sent before is answered with what is stored. Whatever fails once the message is stored becomes an answer that says so.
   * @param voice another one than the conversation's
   * @throws DomainError unknown or full conversation, a message before it that is being answered, too many runs
   */
  async ask(
    caller: Principal,
    conversationId: string,
    asked: AskedMessage,
    listener: RunListener,
    voice: AskedVoice = {},
  ): Promise<Exchange> {
    const opened = await this.ledger.open(caller, conversationId, asked);
    this.profiler.nameConversation(conversationId, opened.question.id);
    listener.begin();
    listener.emit({ type: 'RUN_STARTED', threadId: conversationId, runId: opened.run.id });
    if ('answer' in opened) {
      for (const event of storedEvents(opened)) listener.emit(event);
      return opened;
    }
    const exchange = await this.profiler.time('total_request', async () => {
      const draft = await this.work(caller, opened, listener, voice);
      return this.ledger.close(caller, opened, draft);
    });
    listener.emit(endEvent(exchange));
    if (opened.isFirst) this.titles.nameLater(caller, exchange);
    return exchange;
  }

  /** @throws DomainError unknown run, or one that has ended */
  async cancel(caller: Principal, runId: string): Promise<Exchange['run']> {
    const run = await this.ledger.cancel(caller, runId);
    this.active.stop(runId);
    return run;
  }

  private async work(
    caller: Principal,
    opened: OpenRun,
    { emit, gone }: RunListener,
    voice: AskedVoice,
  ): Promise<AnswerDraft> {
    const { run, question, conversation, history } = opened;
    const persona = this.personas.get(voice.persona ?? conversation.persona);
    try {
      return await this.active.work(caller, run.id, gone, (signal) =>
        this.desk.answer({
          caller,
          persona,
          history,
          words: question.content,
          conversationId: conversation.id,
          runId: run.id,
          model: voice.model ?? null,
          emit,
          signal,
        }),
      );
    } catch (error) {
      if (error instanceof RunStopped && error.reason === 'cancelled') return emptyDraft('cancelled', null);
      this.logger.error({ err: error, runId: run.id }, 'a run of the agent failed');
      return emptyDraft('error', DESTINY_ERROR.runFailed);
    }
  }
}

function endEvent({ run, answer }: Exchange): RunEvent {
  if (answer.status === 'complete')
    return {
      type: 'RUN_FINISHED',
      threadId: run.conversationId,
      runId: run.id,
      result: { answerId: answer.id, mode: answer.mode ?? 'rules' },
    };
  return { type: 'RUN_ERROR', message: answer.content, code: run.errorCode ?? answer.status };
}

/** A run that has ended, told once more. */
function storedEvents(exchange: Exchange): RunEvent[] {
  const { answer } = exchange;
  const messageId = answer.id;
  const calls = answer.toolCalls.flatMap(({ id, name, arguments: given }): RunEvent[] => [
    { type: 'TOOL_CALL_START', toolCallId: id, toolCallName: name },
    { type: 'TOOL_CALL_ARGS', toolCallId: id, delta: JSON.stringify(given) },
    { type: 'TOOL_CALL_END', toolCallId: id },
  ]);
  const told: RunEvent[] = [
    ...calls,
    { type: 'STATE_SNAPSHOT', snapshot: { cards: answer.cards } },
    { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId, delta: answer.content },
    { type: 'TEXT_MESSAGE_END', messageId },
  ];
  return answer.status === 'complete' ? [...told, endEvent(exchange)] : [endEvent(exchange)];
}
