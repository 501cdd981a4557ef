import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit, type AuditEvent } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { invalidCursor, tooManyConversations, unknownConversation, assertSeen } from '../destiny.errors.js';
import type {
  ConversationChangeDto,
  ConversationDto,
  ConversationsDto,
  ConversationsQueryDto,
  ChatMessagesDto,
  NewConversationDto,
} from './conversations.dto.js';
import { toConversationDto, toChatMessageDto } from './conversations.mapper.js';
import {
  type ConversationChange,
  type ConversationPlace,
  type ConversationRow,
  ConversationsRepository,
} from './conversations.repository.js';
import { type MessageRow, MessagesRepository } from './messages.repository.js';
import { Personas } from './personas.service.js';

/** Of one account, archived ones too. */
export const MOST_CONVERSATIONS = 1_000;

/** Conversations of an account. A stranger's is as unknown as one that never was. */
@Injectable()
export class ConversationsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: ConversationsRepository,
    private readonly messages: MessagesRepository,
    private readonly personas: Personas,
    private readonly idempotency: IdempotencyService,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError unknown persona, or too many conversations */
  create(
    caller: Principal,
    given: NewConversationDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<ConversationDto>> {
    const persona = this.personas.check(given.persona ?? null);
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () =>
        toConversationDto(await this.begin(tx, caller, given.title?.trim() ?? null, persona)),
      ),
    );
  }

  /** One without a word in it yet. @throws DomainError too many conversations */
  async begin(
    tx: Tx,
    caller: Principal,
    title: string | null,
    persona: string | null,
  ): Promise<ConversationRow> {
    await this.rows.lockAccount(tx, caller.id);
    if ((await this.rows.countConversations(tx)) >= MOST_CONVERSATIONS)
      throw tooManyConversations(MOST_CONVERSATIONS);
    const made = { id: uuidv7(), userId: caller.id, title, isNamed: title !== null, persona };
    const row = await this.rows.insertConversation(tx, made);
    await this.audit.record(tx, caller, conversationEvent('created', row.id, { after: shown(row) }));
    return row;
  }

  async list(caller: Principal, query: ConversationsQueryDto): Promise<ConversationsDto> {
    const isArchived = query.archived === 'all' ? null : query.archived === 'true';
    const rows = await this.page(caller, isArchived, placeOf(query.cursor), query.limit + 1);
    return toPage(rows, query.limit, (row) => [row.updatedAt.getTime(), row.id], toConversationDto);
  }

  /** Newest update first. @param isArchived null for both */
  page(
    caller: Principal,
    isArchived: boolean | null,
    before: ConversationPlace | null,
    limit: number,
  ): Promise<ConversationRow[]> {
    return this.uow.read<ConversationRow>(caller, this.rows.pageStatement(isArchived, before, limit));
  }

  /** @throws DomainError unknown conversation */
  async get(caller: Principal, id: string): Promise<ConversationRow> {
    if (!isUuid(id)) throw unknownConversation();
    return known((await this.uow.read<ConversationRow>(caller, this.rows.findStatement(id)))[0]);
  }

  async find(caller: Principal, id: string): Promise<ConversationDto> {
    return toConversationDto(await this.get(caller, id));
  }

  /** Its messages from the oldest on. @throws DomainError unknown conversation */
  async listMessages(
    caller: Principal,
    id: string,
    query: { cursor?: string | undefined; limit: number },
  ): Promise<ChatMessagesDto> {
    const after = query.cursor === undefined ? null : decodeCursor(query.cursor, ['number'] as const)[0];
    if (after !== null && Math.abs(after) > MOST_PLACE) throw invalidCursor();
    const rows = await this.messagePage(caller, id, after, query.limit + 1);
    return toPage(rows, query.limit, (row) => [row.orderIndex], toChatMessageDto);
  }

  /** @param after order_index of the last message before the page; null for the first page @throws DomainError unknown conversation */
  async messagePage(
    caller: Principal,
    id: string,
    after: number | null,
    limit: number,
  ): Promise<MessageRow[]> {
    await this.get(caller, id);
    return this.uow.read<MessageRow>(caller, this.messages.pageStatement(id, after, limit));
  }

  /** @param seen version by If-Match @throws DomainError unknown conversation or persona, or another version */
  async change(
    caller: Principal,
    id: string,
    given: ConversationChangeDto,
    seen: number | undefined,
  ): Promise<ConversationDto> {
    const persona = given.persona === undefined ? undefined : this.personas.check(given.persona);
    return this.uow.run(caller, async (tx) => {
      const before = await this.hold(tx, id);
      assertSeen(seen, before.version, 'conversation');
      const after = await this.rows.updateConversation(tx, id, changed(before, given, persona));
      const states = { before: shown(before), after: shown(after) };
      await this.audit.record(tx, caller, conversationEvent('changed', id, states));
      return toConversationDto(after);
    });
  }

  /** With everything said in it. @throws DomainError unknown conversation, or another version */
  async delete(caller: Principal, id: string, seen: number | undefined): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const before = await this.hold(tx, id);
      assertSeen(seen, before.version, 'conversation');
      await this.rows.deleteConversation(tx, id);
      await this.audit.record(tx, caller, conversationEvent('deleted', id, { before: shown(before) }));
    });
  }

  /** Locked until the end of the transaction. @throws DomainError unknown conversation */
  async hold(tx: Tx, id: string): Promise<ConversationRow> {
    return known(isUuid(id) ? await this.rows.lockConversation(tx, id) : null);
  }
}

const MOST_PLACE = 2_147_483_647;
/** The last moment that JavaScript can tell; PostgreSQL knows later ones. */
const MOST_MS = 8_640_000_000_000_000;

function placeOf(cursor: string | undefined): ConversationPlace | null {
  if (cursor === undefined) return null;
  const [updatedAtMs, id] = decodeCursor(cursor, ['number', 'string'] as const);
  if (updatedAtMs < 0 || updatedAtMs > MOST_MS || !isUuid(id)) throw invalidCursor();
  return [updatedAtMs, id];
}

function changed(
  before: ConversationRow,
  given: ConversationChangeDto,
  persona: string | null | undefined,
): ConversationChange {
  return {
    title: given.title?.trim() ?? before.title,
    isNamed: before.isNamed || given.title !== undefined,
    isArchived: given.isArchived ?? before.isArchived,
    persona: persona === undefined ? before.persona : persona,
  };
}

function known(row: ConversationRow | null | undefined): ConversationRow {
  if (row === null || row === undefined) throw unknownConversation();
  return row;
}

/** What was said is nobody's but its owner's: not even its title is told. */
function shown({ isArchived, persona, isNamed, version }: ConversationRow): object {
  return { isArchived, persona, isNamed, version };
}

function conversationEvent(
  what: 'created' | 'changed' | 'deleted',
  id: string,
  change: Pick<AuditEvent, 'before' | 'after'>,
): AuditEvent {
  return { action: `destiny.conversation-${what}`, object: { type: 'destiny.conversation', id }, ...change };
}
