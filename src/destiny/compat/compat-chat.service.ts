import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { isStorable } from '../../platform/http/storable.js';
import { AnswerDesk } from '../agent/answer-desk.service.js';
import type { ChatChannel } from '../agent/chat-channel.adapter.js';
import { ChatStreams } from '../agent/chat-streams.service.js';
import { ConversationsService } from '../agent/conversations.service.js';
import { Personas } from '../agent/personas.service.js';
import type { AskedMessage } from '../agent/run-ledger.service.js';
import type { CompatChatDto, CompatResultDto } from './compat.dto.js';
import { emptyMessages } from './compat.errors.js';
import { askBody, chatBody, streamBody } from './compat-bodies.js';

/** What a client may call a message of its own, see the native route. */
const CLIENT_ID = /^[\x21-\x7e]{1,100}$/;

/** The original's ways to ask the agent. A persona that there is not is the default one, as there. */
@Injectable()
export class CompatChat {
  constructor(
    private readonly streams: ChatStreams,
    private readonly desk: AnswerDesk,
    private readonly conversations: ConversationsService,
    private readonly personas: Personas,
    private readonly uow: UnitOfWork,
  ) {}

  /** Where no model answers the rules do: the original's 503 does not come. @throws CompatError; DomainError */
  async chat(caller: Principal, body: unknown, gone: AbortSignal): Promise<CompatChatDto> {
    const given = parseInput(chatBody, body);
    const asked = lastOf(given.messages, null);
    const id = await this.conversationOf(caller, given.conversation_id, given.persona);
    const voice = { persona: given.persona ?? null, model: given.model_name ?? null };
    const { answer } = await this.streams.whole(caller, id, asked, gone, voice);
    return {
      message: { role: 'assistant', content: answer.content },
      conversation_id: id,
      response_id: null,
      data_refreshed: null,
      last_updated: null,
    };
  }

  /** @throws CompatError; DomainError, before the first event */
  async stream(caller: Principal, body: unknown, channel: ChatChannel): Promise<void> {
    const given = parseInput(streamBody, body);
    const asked = lastOf(given.messages, given.messages.at(-1)?.id ?? null);
    const id = await this.conversationOf(caller, given.conversation_id, given.persona);
    return this.streams.tell(caller, id, asked, channel, { persona: given.persona ?? null });
  }

  /** Answers without a conversation: nothing of it is kept. @throws CompatError */
  async ask(caller: Principal, body: unknown, signal: AbortSignal): Promise<CompatResultDto> {
    const { query, persona } = parseInput(askBody, body);
    if (!isStorable(query)) throw emptyMessages();
    const { text } = await this.desk.answer({
      caller,
      persona: this.personas.get(persona ?? null),
      words: query,
      history: [],
      conversationId: uuidv7(),
      runId: uuidv7(),
      model: null,
      emit: () => undefined,
      signal,
    });
    return { result: text };
  }

  /** The one that is named, or a new one. */
  private async conversationOf(
    caller: Principal,
    id: string | null | undefined,
    persona: string | null | undefined,
  ): Promise<string> {
    if (id !== null && id !== undefined) return id;
    const name = this.personas.get(persona ?? null).name;
    const made = await this.uow.run(caller, (tx) =>
      this.conversations.begin(tx, caller, null, persona ? name : null),
    );
    return made.id;
  }
}

/** @throws CompatError where nothing is said */
function lastOf(messages: readonly { content: string }[], id: string | null): AskedMessage {
  const content = messages.at(-1)?.content ?? '';
  if (!isStorable(content)) throw emptyMessages();
  return { content, clientMessageId: id !== null && CLIENT_ID.test(id) ? id : null };
}
