import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import type { Scope, Tx } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { unknownMessage } from '../market.errors.js';
import { Owners } from '../profiles/owners.service.js';
import { ProfilesService } from '../profiles/profiles.service.js';
import { type MessageRow, type MessagesFilter, MessagesRepository } from './messages.repository.js';

/** Who writes what; the audit event says how long it is, not what it says. */
export interface MessageWish {
  /** One of the caller's profiles. */
  profileId: string;
  content: string;
}

/**
 * What profiles say to all who read the market. The author is one of the caller's profiles, looked up, never taken on trust; who
 * has read what is known to the reader alone.
 */
@Injectable()
export class MessagesService {
  constructor(
    private readonly owners: Owners,
    private readonly directory: CatalogDirectory,
    private readonly profiles: ProfilesService,
    private readonly messages: MessagesRepository,
    private readonly idempotency: IdempotencyService,
    private readonly audit: Audit,
  ) {}

  /** Newest first. @throws DomainError unknown game; unknown profile where the reader's is none of the caller's */
  async list(caller: Principal, game: string, filter: MessagesFilter): Promise<MessageRow[]> {
    const { id: gameId } = await this.directory.game(game);
    if ([filter.authorId, filter.before].some((id) => id !== null && !isUuid(id))) return [];
    return this.owners.run(caller, async (tx, owner) => {
      if (filter.readerProfileId !== null) await this.profiles.get(tx, gameId, filter.readerProfileId);
      return tx.query<MessageRow>(this.messages.pageStatement(owner.id, gameId, filter));
    });
  }

  /** @throws DomainError unknown game or profile */
  async post<T>(
    caller: Principal,
    game: string,
    { profileId, content }: MessageWish,
    request: IdempotentRequest | undefined,
    map: (row: MessageRow) => T,
  ): Promise<Outcome<T>> {
    const { id: gameId } = await this.directory.game(game);
    return this.owners.run(caller, (tx, owner) =>
      this.idempotency.once(tx, owner, request, 201, async () => {
        const { name: authorName } = await this.profiles.hold(tx, gameId, profileId);
        const message = { id: uuidv7(), userId: owner.id, gameId, profileId, authorName };
        const row = await this.messages.insertMessage(tx, { ...message, content: content.trim() });
        await this.record(tx, caller, owner, { what: 'posted', id: row.id, after: stateOf(row) });
        return map(row);
      }),
    );
  }

  /** @throws DomainError unknown game or message */
  async change(caller: Principal, game: string, id: string, content: string): Promise<MessageRow> {
    const { id: gameId } = await this.directory.game(game);
    return this.owners.run(caller, async (tx, owner) => {
      const before = await this.own(tx, owner, gameId, id);
      const after = await this.messages.updateContent(tx, owner.id, id, content.trim());
      if (after === null) throw unknownMessage();
      const change = { before: stateOf(before), after: stateOf(after) };
      await this.record(tx, caller, owner, { what: 'changed', id, ...change });
      return after;
    });
  }

  /** @throws DomainError unknown game or message */
  async remove(caller: Principal, game: string, id: string): Promise<void> {
    const { id: gameId } = await this.directory.game(game);
    await this.owners.run(caller, async (tx, owner) => {
      const before = await this.own(tx, owner, gameId, id);
      await this.messages.deleteMessage(tx, owner.id, id);
      await this.record(tx, caller, owner, { what: 'deleted', id, before: stateOf(before) });
    });
  }

  /** Any message, for those who have to say why it cannot be written. @throws DomainError unknown game */
  async find(caller: Principal, game: string, id: string): Promise<MessageRow | null> {
    const { id: gameId } = await this.directory.game(game);
    if (!isUuid(id)) return null;
    return this.owners.run(caller, (tx, owner) => this.messages.findMessage(tx, owner.id, gameId, id));
  }

  /** Messages of others that one of the caller's profiles has not read. @throws DomainError unknown game or profile */
  async countUnread(caller: Principal, game: string, profileId: string): Promise<number> {
    const { id: gameId } = await this.directory.game(game);
    return this.owners.run(caller, async (tx) => {
      await this.profiles.get(tx, gameId, profileId);
      return this.messages.countUnread(tx, gameId, profileId);
    });
  }

  /** All that there are: what somebody has not read who has read nothing. @throws DomainError unknown game */
  async count(caller: Principal, game: string): Promise<number> {
    const { id: gameId } = await this.directory.game(game);
    return this.owners.run(caller, (tx) => this.messages.countUnread(tx, gameId, null));
  }

  /**
   * Ids that are none of a message are passed over.
   * @param ids null for all messages
   * @returns how many were unread, and how many messages of others there are
   * @throws DomainError unknown game or profile
   */
  async markRead(
    caller: Principal,
    game: string,
    profileId: string,
    ids: readonly string[] | null,
  ): Promise<{ markedCount: number; othersCount: number }> {
    const { id: gameId } = await this.directory.game(game);
    return this.owners.run(caller, async (tx, owner) => {
      await this.profiles.hold(tx, gameId, profileId);
      const reader = { userId: owner.id, profileId };
      const markedCount = await this.messages.markRead(tx, reader, gameId, ids?.filter(isUuid) ?? null);
      return { markedCount, othersCount: await this.messages.countOthers(tx, gameId, profileId) };
    });
  }

  private async own(tx: Tx, owner: Scope, gameId: number, id: string): Promise<MessageRow> {
    const row = isUuid(id) ? await this.messages.findMessage(tx, owner.id, gameId, id) : null;
    if (!row?.isOwn) throw unknownMessage();
    return row;
  }

  private async record(
    tx: Tx,
    caller: Principal,
    owner: Scope,
    change: { what: 'posted' | 'changed' | 'deleted'; id: string; before?: object; after?: object },
  ): Promise<void> {
    const { what, id, ...states } = change;
    await this.audit.record(tx, caller, {
      action: `market.message-${what}`,
      object: { type: 'market.message', id },
      subjectId: owner.id,
      ...states,
    });
  }
}

function stateOf({ profileId, content }: MessageRow): object {
  return { profileId, characters: content.length };
}
