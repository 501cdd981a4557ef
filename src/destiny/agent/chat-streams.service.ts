import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { EventStreams, type EventStream } from '../../platform/http/event-streams.service.js';
import { eventBytes } from '../../platform/http/event-text.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import { DESTINY_ERROR } from '../destiny.errors.js';
import { ERROR_TEXT } from './answer-draft.js';
import { type AskedVoice, ChatService } from './chat.service.js';
import type { ChatChannel } from './chat-channel.adapter.js';
import { type Exchange, toChatExchangeDto } from './conversations.mapper.js';
import type { RunEvent } from './run-event.js';
import type { AskedMessage } from './run-ledger.service.js';

const NOTHING = Buffer.alloc(0);
const CREATED = 201;

/** Answers messages over HTTP: whole, or told as the run goes on under AG-UI's names. A reader who leaves cancels the run. */
@Injectable()
export class ChatStreams {
  constructor(
    private readonly chat: ChatService,
    private readonly streams: EventStreams,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'error'>,
  ) {}

  /**
   * @param voice another one than the conversation's
   * @throws DomainError before anything is answered: see {@link ChatService.ask}, and for a caller who has too many streams
   */
  async answer(
    caller: Principal,
    conversationId: string,
    asked: AskedMessage,
    channel: ChatChannel,
    voice: AskedVoice = {},
  ): Promise<void> {
    if (channel.wantsEvents) return this.tell(caller, conversationId, asked, channel, voice);
    const exchange = await this.whole(caller, conversationId, asked, channel.gone, voice);
    channel.send(CREATED, toChatExchangeDto(exchange));
  }

  /** @throws DomainError see {@link ChatService.ask} */
  whole(
    caller: Principal,
    conversationId: string,
    asked: AskedMessage,
    gone: AbortSignal,
    voice: AskedVoice,
  ): Promise<Exchange> {
    const listener = { begin: () => undefined, emit: () => undefined, gone };
    return this.chat.ask(caller, conversationId, asked, listener, voice);
  }

  /** As events. @throws DomainError before the first of them */
  async tell(
    caller: Principal,
    conversationId: string,
    asked: AskedMessage,
    { sink, gone }: ChatChannel,
    voice: AskedVoice,
  ): Promise<void> {
    this.streams.assertRoom(caller);
    let stream: EventStream | undefined;
    const listener = {
      begin: () => void (stream = this.streams.open(caller, sink, () => undefined, 'whole')),
      emit: (event: RunEvent) => stream?.send(toBytes(event)),
      gone,
    };
    try {
      await this.chat.ask(caller, conversationId, asked, listener, voice);
    } catch (error) {
      if (stream === undefined) throw error;
      // The head has left: what went wrong can only be told as an event.
      this.logger.error({ err: error, conversationId }, 'a run could not be stored');
      const message = ERROR_TEXT;
      stream.send(toBytes({ type: 'RUN_ERROR', message, code: DESTINY_ERROR.runFailed }));
    }
    stream?.finish(NOTHING);
  }
}

function toBytes(event: RunEvent): Buffer {
  return eventBytes(event.type, undefined, JSON.stringify(event));
}
