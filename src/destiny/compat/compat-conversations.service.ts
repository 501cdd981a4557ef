import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { ChatDesk } from '../agent/chat-desk.service.js';
import { toConversationDto } from '../agent/conversations.mapper.js';
import { ConversationsService, MOST_CONVERSATIONS } from '../agent/conversations.service.js';
import { MOST_MESSAGES } from '../agent/run-ledger.service.js';
import { CatalystReads } from '../catalysts/catalyst-reads.service.js';
import type {
  CompatCatalystDto,
  CompatDestinyConversationDto,
  CompatDestinyMessageDto,
  CompatModelsDto,
} from './compat.dto.js';
import { blankTitle } from './compat.errors.js';
import { toCompatCatalyst, toCompatConversation, toCompatMessage } from './compat.mapper.js';
import { CompatAccount } from './compat-account.service.js';
import { titleBody } from './compat-bodies.js';

/** Conversations, models and catalysts as the original's clients know them. */
@Injectable()
export class CompatConversations {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly account: CompatAccount,
    private readonly desk: ChatDesk,
    private readonly catalystReads: CatalystReads,
  ) {}

  /** All of them, newest update first: the original has no pages. */
  async list(caller: Principal, archived: string | undefined): Promise<CompatDestinyConversationDto[]> {
    const rows = await this.conversations.page(caller, archived === 'true', null, MOST_CONVERSATIONS);
    const bungieId = await this.account.bungieId(caller);
    return rows.map((row) => toCompatConversation(toConversationDto(row), bungieId));
  }

  /** What tools have answered is left out. @throws DomainError unknown conversation */
  async messages(caller: Principal, id: string): Promise<CompatDestinyMessageDto[]> {
    const rows = await this.conversations.messagePage(caller, id, null, MOST_MESSAGES);
    return rows.filter(({ role }) => role !== 'tool').map(toCompatMessage);
  }

  /** @throws DomainError unknown conversation */
  delete(caller: Principal, id: string): Promise<void> {
    return this.conversations.delete(caller, id, undefined);
  }

  /** @throws DomainError unknown conversation */
  async archive(caller: Principal, id: string): Promise<CompatDestinyConversationDto> {
    const changed = await this.conversations.change(caller, id, { isArchived: true }, undefined);
    return toCompatConversation(changed, await this.account.bungieId(caller));
  }

  /** @throws CompatError; DomainError unknown conversation */
  async rename(caller: Principal, id: string, body: unknown): Promise<CompatDestinyConversationDto> {
    const { title } = parseInput(titleBody, body);
    if (title.trim() === '') throw blankTitle();
    const changed = await this.conversations.change(caller, id, { title }, undefined);
    return toCompatConversation(changed, await this.account.bungieId(caller));
  }

  async models(): Promise<CompatModelsDto> {
    return { models: (await this.desk.models()).items.map(({ id }) => ({ id })) };
  }

  async catalysts(caller: Principal): Promise<CompatCatalystDto[]> {
    const { entries, membershipId } = await this.catalystReads.read(caller);
    return membershipId === null ? [] : entries.map(toCompatCatalyst);
  }
}
