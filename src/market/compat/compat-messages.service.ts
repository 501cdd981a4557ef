import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { MARKET_ERROR } from '../market.errors.js';
import { MessagesService } from '../messages/messages.service.js';
import {
  invalidInput,
  messageNotFound,
  methodNotAllowed,
  notYourMessage,
  passOver,
} from './compat.errors.js';
import { bodyOf, type RawBody, textIn } from './compat-body.js';
import { COMPAT_GAME } from './compat-game.js';
import { integerOf, textOf } from './compat-query.js';
import {
  type CompatReply,
  type CompatRequest,
  CompatResources,
  replyOf,
} from './compat-resources.service.js';
import { toCompatMessageDto } from './compat-user.mapper.js';

const MAX_ID = 100;
const MAX_CONTENT = 2_000;
const MAX_LIMIT = 1_000;
const MAX_OFFSET = 1_000_000_000;

/**
 * Messages of the original's `/api/user`, read by all callers. An author is a profile of the caller's account: the original took
 * any profile's word for it. A reader's profile of another account has read nothing, like one that never was.
 */
@Injectable()
export class CompatMessagesService implements OnModuleInit {
  constructor(
    private readonly resources: CompatResources,
    private readonly messages: MessagesService,
  ) {}

  onModuleInit(): void {
    this.resources.register('user', 'messages', {
      GET: (request) => this.read(request),
      POST: (request) => this.write(request),
      PUT: (request) => this.change(request),
      DELETE: (request) => this.remove(request),
    });
  }

  private read(request: CompatRequest): Promise<CompatReply> {
    const mode = textOf(request.query, 'mode');
    if (mode === 'unread-count') return this.countUnread(request);
    if (mode.startsWith('mark-')) throw methodNotAllowed('POST', 'Only POST is allowed here.');
    return this.list(request);
  }

  private write(request: CompatRequest): Promise<CompatReply> {
    const mode = textOf(request.query, 'mode');
    if (mode === 'unread-count') throw methodNotAllowed('GET', 'Only GET is allowed here.');
    if (mode === 'mark-read') return this.markRead(request);
    if (mode === 'mark-all-read') return this.markAllRead(request);
    return this.post(request);
  }

  private async list({ principal, query }: CompatRequest): Promise<CompatReply> {
    const filter = {
      authorId: textOf(query, 'profileId') || null,
      before: null,
      limit: integerOf(query, 'limit', 50, 1, MAX_LIMIT),
      offset: integerOf(query, 'offset', 0, 0, MAX_OFFSET),
    };
    const readerProfileId = textOf(query, 'readerProfileId') || null;
    const rows = await this.messages
      .list(principal, COMPAT_GAME, { ...filter, readerProfileId })
      .catch(passOver(MARKET_ERROR.unknownProfile));
    if (rows !== undefined) return replyOf(rows.map(toCompatMessageDto));
    const unread = await this.messages.list(principal, COMPAT_GAME, { ...filter, readerProfileId: null });
    return replyOf(unread.map((row) => toCompatMessageDto({ ...row, isRead: false })));
  }

  private async post({ principal, body: raw }: CompatRequest): Promise<CompatReply> {
    const body = bodyOf(raw);
    const wish = { profileId: profileIdIn(body, 'profileId'), content: contentIn(body) };
    const made = await this.messages.post(principal, COMPAT_GAME, wish, undefined, toCompatMessageDto);
    return replyOf(made.body, 201);
  }

  private async change({ principal, body: raw }: CompatRequest): Promise<CompatReply> {
    const body = bodyOf(raw);
    const id = textIn(body, 'id', MAX_ID);
    if (id === null) throw invalidInput('id is required');
    const profileId = profileIdIn(body, 'profileId');
    const content = contentIn(body);
    await this.assertAuthor(principal, { id, profileId }, 'edit');
    const row = await this.messages.change(principal, COMPAT_GAME, id, content);
    return replyOf(toCompatMessageDto(row));
  }

  private async remove({ principal, query }: CompatRequest): Promise<CompatReply> {
    const [id, profileId] = [textOf(query, 'id'), textOf(query, 'profileId')];
    if (id === '') throw invalidInput('id is required');
    if (profileId === '') throw invalidInput('profileId is required');
    await this.assertAuthor(principal, { id, profileId }, 'delete');
    await this.messages.remove(principal, COMPAT_GAME, id);
    return replyOf({ message: 'Message deleted successfully' });
  }

  private async countUnread({ principal, query }: CompatRequest): Promise<CompatReply> {
    const profileId = textOf(query, 'readerProfileId');
    if (profileId === '') throw invalidInput('readerProfileId is required');
    const count = await this.messages
      .countUnread(principal, COMPAT_GAME, profileId)
      .catch(passOver(MARKET_ERROR.unknownProfile));
    return replyOf({ count: count ?? (await this.messages.count(principal, COMPAT_GAME)) });
  }

  private async markRead({ principal, body: raw }: CompatRequest): Promise<CompatReply> {
    const body = bodyOf(raw);
    const profileId = profileIdIn(body, 'readerProfileId');
    const ids = body['messageIds'];
    if (!Array.isArray(ids) || ids.length === 0) throw invalidInput('messageIds array is required');
    const texts = ids.filter((id) => typeof id === 'string');
    await this.messages.markRead(principal, COMPAT_GAME, profileId, texts);
    return replyOf({ message: 'Messages marked as read' });
  }

  private async markAllRead({ principal, body }: CompatRequest): Promise<CompatReply> {
    const profileId = profileIdIn(bodyOf(body), 'readerProfileId');
    const { othersCount: count } = await this.messages.markRead(principal, COMPAT_GAME, profileId, null);
    if (count === 0) return replyOf({ message: 'No messages to mark as read' });
    return replyOf({ message: 'All messages marked as read', count });
  }

  /** Everybody may read the message, so that it is somebody else's is no secret. */
  private async assertAuthor(
    principal: Principal,
    { id, profileId }: { id: string; profileId: string },
    what: 'edit' | 'delete',
  ): Promise<void> {
    const row = await this.messages.find(principal, COMPAT_GAME, id);
    if (row === null) throw messageNotFound();
    if (!row.isOwn || row.profileId !== profileId) throw notYourMessage(what);
  }
}

function profileIdIn(body: RawBody, key: string): string {
  const id = textIn(body, key, MAX_ID);
  if (id === null) throw invalidInput(`${key} is required`);
  return id;
}

function contentIn(body: RawBody): string {
  const given = body['content'];
  if (typeof given === 'string' && given.length > MAX_CONTENT)
    throw invalidInput(`content exceeds maximum length of ${MAX_CONTENT} characters`);
  const content = textIn(body, 'content', MAX_CONTENT);
  if (content === null) throw invalidInput('content is required and cannot be empty');
  return content;
}
