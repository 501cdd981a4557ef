import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.service.js';
import type { Principal } from '../../auth/principal.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { DomainError } from '../../http/domain-error.js';
import type { EventSink } from '../../http/event-sink.js';
import { EventStreams } from '../../http/event-streams.service.js';
import { eventBytes, placeBytes } from '../../http/event-text.js';
import { decodeCursor, toPage } from '../../http/keyset.js';
import { HTTP_ERROR } from '../../http/problem.js';
import { NotificationFeed } from '../../notifications/notification-feed.service.js';
import {
  type NotificationRow,
  NotificationsRepository,
} from '../../notifications/notifications.repository.js';
import type {
  NotificationsDto,
  NotificationsQueryDto,
  PreferencesDto,
  ReadCountDto,
  ReadNotificationsDto,
  UnreadCountDto,
} from './notifications.dto.js';
import { toNotificationDto } from './notifications.mapper.js';

/** What an account has been told, and by which ways it wants to be. */
@Injectable()
export class NotificationsDesk {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: NotificationsRepository,
    private readonly feed: NotificationFeed,
    private readonly streams: EventStreams,
    private readonly audit: Audit,
  ) {}

  async list(caller: Principal, query: NotificationsQueryDto): Promise<NotificationsDto> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['number'] as const)[0];
    const page = { before, isUnreadOnly: query.unread, topic: query.topic ?? null, limit: query.limit + 1 };
    const rows = await this.uow.run(caller, (tx) => this.rows.listPage(tx, page));
    return toPage(rows, query.limit, (row) => [row.seq], toNotificationDto);
  }

  async countUnread(caller: Principal): Promise<UnreadCountDto> {
    return { count: await this.uow.run(caller, (tx) => this.rows.countUnread(tx)) };
  }

  /** Those of others and those that never were are passed over. */
  markRead(caller: Principal, { ids, upToSeq }: ReadNotificationsDto): Promise<ReadCountDto> {
    if ((ids === undefined) === (upToSeq === undefined)) throw eitherOr();
    const which = ids === undefined ? { upToSeq: upToSeq! } : { ids };
    return this.uow.run(caller, async (tx) => {
      const count = await this.rows.updateRead(tx, which);
      const object = { type: 'identity.account', id: caller.id };
      await this.audit.record(tx, caller, {
        action: 'platform.notifications-read',
        object,
        after: { count },
      });
      return { count };
    });
  }

  async preferences(caller: Principal): Promise<PreferencesDto> {
    return { items: await this.uow.run(caller, (tx) => this.rows.listPreferences(tx, caller.id, null)) };
  }

  replacePreferences(caller: Principal, { items }: PreferencesDto): Promise<PreferencesDto> {
    return this.uow.run(caller, async (tx) => {
      const before = await this.rows.listPreferences(tx, caller.id, null);
      await this.rows.replacePreferences(tx, caller.id, items);
      const after = await this.rows.listPreferences(tx, caller.id, null);
      const object = { type: 'identity.account', id: caller.id };
      const action = 'platform.notification-preferences-changed';
      const change = { before: { items: before }, after: { items: after } };
      await this.audit.record(tx, caller, { action, object, ...change });
      return { items: after };
    });
  }

  /** @param lastEventId what the client has: it gets all that came after that; without it or beyond all there is, what comes from now on */
  async stream(caller: Principal, lastEventId: string | undefined, sink: EventSink): Promise<void> {
    this.streams.assertRoom(caller);
    const seen = /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : undefined;
    const seq = await this.feed.placeOf(caller.id, seen);
    let stop = (): void => undefined;
    const stream = this.streams.open(caller, sink, () => stop());
    if (seq !== seen) stream.send(placeBytes(String(seq)));
    stop = this.feed.follow(caller.id, seq, (news) => {
      for (const row of news) stream.send(notificationEvent(row));
    });
  }
}

function notificationEvent(row: NotificationRow): Buffer {
  return eventBytes('notification', String(row.seq), JSON.stringify(toNotificationDto(row)));
}

function eitherOr(): DomainError {
  const detail = 'Give either ids or upToSeq.';
  return new DomainError('malformed', HTTP_ERROR.malformed, detail, [
    { pointer: '/ids', code: 'either-or', detail },
  ]);
}
