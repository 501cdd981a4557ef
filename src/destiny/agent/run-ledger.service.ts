import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import {
  conversationFull,
  DESTINY_ERROR,
  runActive,
  runEnded,
  tooManyRuns,
  unknownRun,
} from '../destiny.errors.js';
import { type AnswerDraft, emptyDraft } from './answer-draft.js';
import { firstWords } from './conversation-title.js';
import type { Exchange } from './conversations.mapper.js';
import { type ConversationRow, ConversationsRepository } from './conversations.repository.js';
import { ConversationsService } from './conversations.service.js';
import { historyWindow, MOST_HISTORY_MESSAGES, type SaidBefore } from './history-window.js';
import { type MessageRow, MessagesRepository, type NewMessage, type RunRow } from './messages.repository.js';

/** Of one account at once, over all processes. */
export const MOST_RUNS = 3;
/** Of one conversation: some 600 questions with what tools have answered. */
export const MOST_MESSAGES = 2_000;
/** A run takes 30 s at most: one that is older belonged to a process that is gone. */
const LOST_MS = 90_000;
/** Room for a question, what tools answer to it, and the answer. */
const ROOM = 30;

export interface AskedMessage {
  readonly content: string;
  readonly clientMessageId: string | null;
}

/** A run that has begun, and what it is to answer. */
export interface OpenRun {
  readonly run: RunRow;
  readonly question: MessageRow;
  readonly conversation: ConversationRow;
  /** Said before the question, oldest first, as far as the model is told. */
  readonly history: readonly SaidBefore[];
  /** The question is the conversation's first, which nobody has named. */
  readonly isFirst: boolean;
}

/**
 * Keeps what runs are about and what came of them. The question is stored before its run begins, so that it is there whatever happens to
 * the run; every run ends with an answer, be it one that says that there is none.
 */
@Injectable()
export class RunLedger {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly conversations: ConversationsService,
    private readonly talks: ConversationsRepository,
    private readonly rows: MessagesRepository,
  ) {}

  /**
   * Stores the question and begins its run; of a question that was sent before, what is stored.
   * @throws DomainError unknown or full conversation, a question before it that is being answered, or too many runs
   */
  open(caller: Principal, conversationId: string, asked: AskedMessage): Promise<OpenRun | Exchange> {
    return this.uow.run(caller, async (tx) => {
      await this.talks.lockAccount(tx, caller.id);
      const conversation = await this.conversations.hold(tx, conversationId);
      const before = await this.endLost(tx, conversation);
      const stored = await this.findStored(tx, before, asked.clientMessageId);
      if (stored !== null) return stored;
      const running = await this.rows.listRunning(tx);
      if (running.some((run) => run.conversationId === conversationId)) throw runActive();
      if (running.filter((run) => !isLost(run)).length >= MOST_RUNS) throw tooManyRuns(MOST_RUNS);
      if (before.messageCount + ROOM > MOST_MESSAGES) throw conversationFull(MOST_MESSAGES);
      return this.begin(tx, before, asked);
    });
  }

  /**
   * Stores what came of a run. Of one that somebody has cancelled meanwhile, as cancelled.
   * @throws DomainError where the conversation was deleted meanwhile
   */
  close(caller: Principal, { run, question }: OpenRun, draft: AnswerDraft): Promise<Exchange> {
    return this.uow.run(caller, async (tx) => {
      const conversation = await this.conversations.hold(tx, run.conversationId);
      return this.end(tx, conversation, run, question, draft);
    });
  }

  /** @throws DomainError unknown run */
  async find(caller: Principal, id: string): Promise<RunRow> {
    if (!isUuid(id)) throw unknownRun();
    const [run] = await this.uow.read<RunRow>(caller, this.rows.findRunStatement(id));
    if (run === undefined) throw unknownRun();
    return run;
  }

  /** The process that works on it stops within a second. @throws DomainError unknown run, or one that has ended */
  async cancel(caller: Principal, id: string): Promise<RunRow> {
    await this.find(caller, id);
    const end = { answerId: null, mode: null, promptVersion: null, roundCount: 0, errorCode: null };
    const run = await this.uow.run(caller, (tx) => this.rows.endRun(tx, id, { state: 'cancelled', ...end }));
    if (run === null) throw runEnded();
    return run;
  }

  private async begin(tx: Tx, conversation: ConversationRow, asked: AskedMessage): Promise<OpenRun> {
    const { id: conversationId, userId, messageCount } = conversation;
    const said = await this.rows.listRecent(tx, conversationId, messageCount, MOST_HISTORY_MESSAGES);
    const base = newMessage(conversation, messageCount, 'user', asked.content);
    const [question] = await this.rows.insertMessages(tx, [
      { ...base, clientMessageId: asked.clientMessageId },
    ]);
    await this.talks.updateMessageCount(tx, conversationId, messageCount + 1, firstWords(asked.content));
    const questionId = question!.id;
    const run = await this.rows.insertRun(tx, { id: uuidv7(), userId, conversationId, questionId });
    const history = historyWindow(said.map(({ role, content }) => ({ role: role as 'user', content })));
    const isFirst = messageCount === 0 && !conversation.isNamed;
    return { run, question: question!, conversation, history, isFirst };
  }

  private async end(
    tx: Tx,
    conversation: ConversationRow,
    run: RunRow,
    question: MessageRow,
    draft: AnswerDraft,
  ): Promise<Exchange> {
    const messages = messagesOf(conversation, draft, Date.now() - run.startedAt.getTime());
    const { mode, promptVersion, roundCount, errorCode } = draft;
    const answerId = messages.at(-1)!.id;
    const end = { state: draft.status, answerId, mode, promptVersion, roundCount, errorCode };
    const ended = await this.rows.endRun(tx, run.id, end);
    if (ended === null) {
      const now = await this.rows.findRunOf(tx, question.id);
      if (now !== null && now.answerId !== null)
        return { run: now, question, answer: await this.rows.getMessage(tx, now.answerId) };
      messages.at(-1)!.status = 'cancelled';
      await this.rows.updateAnswer(tx, run.id, answerId);
    }
    const stored = await this.rows.insertMessages(tx, messages);
    const count = conversation.messageCount + messages.length;
    await this.talks.updateMessageCount(tx, conversation.id, count, null);
    const state = ended ?? { ...run, state: 'cancelled' as const, answerId };
    return { run: state, question, answer: stored.find(({ id }) => id === answerId)! };
  }

  /** Runs of processes that are gone. @returns the conversation as it is now */
  private async endLost(tx: Tx, conversation: ConversationRow): Promise<ConversationRow> {
    const lost = (await this.rows.listRunning(tx)).find(
      (run) => run.conversationId === conversation.id && isLost(run),
    );
    if (lost === undefined) return conversation;
    const question = await this.rows.getMessage(tx, lost.questionId);
    await this.end(tx, conversation, lost, question, emptyDraft('error', DESTINY_ERROR.runLost));
    return this.conversations.hold(tx, conversation.id);
  }

  /** @throws DomainError while it is being answered */
  private async findStored(
    tx: Tx,
    conversation: ConversationRow,
    clientMessageId: string | null,
  ): Promise<Exchange | null> {
    if (clientMessageId === null) return null;
    const question = await this.rows.findByClientId(tx, conversation.id, clientMessageId);
    const run = question === null ? null : await this.rows.findRunOf(tx, question.id);
    if (question === null || run === null) return null;
    if (run.state === 'running') throw runActive();
    if (run.answerId === null)
      return this.end(tx, conversation, run, question, emptyDraft('cancelled', null));
    return { run, question, answer: await this.rows.getMessage(tx, run.answerId) };
  }
}

function isLost(run: RunRow): boolean {
  return Date.now() - run.startedAt.getTime() > LOST_MS;
}

function newMessage(
  { id, userId }: ConversationRow,
  orderIndex: number,
  role: NewMessage['role'],
  content: string,
): NewMessage {
  return {
    id: uuidv7(),
    userId,
    conversationId: id,
    orderIndex,
    role,
    content,
    toolCalls: [],
    cards: [],
    tokenCount: null,
    model: null,
    mode: null,
    latencyMs: null,
    status: 'complete',
    clientMessageId: null,
  };
}

/** What tools have answered, and the answer, in their places. */
function messagesOf(conversation: ConversationRow, draft: AnswerDraft, latencyMs: number): NewMessage[] {
  const from = conversation.messageCount;
  const ofTools = draft.toolResults.map(({ callId, content }, index) => ({
    ...newMessage(conversation, from + index, 'tool', content),
    toolCalls: draft.toolCalls.filter(({ id }) => id === callId),
  }));
  const { text, toolCalls, cards, tokenCount, model, mode, status } = draft;
  const answer = newMessage(conversation, from + ofTools.length, 'assistant', text);
  return [...ofTools, { ...answer, toolCalls, cards, tokenCount, model, mode, status, latencyMs }];
}
