import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { cleanHtml } from '../../platform/http/clean-html.js';
import type { IdempotentRequest, Outcome } from '../../platform/http/idempotency.service.js';
import { decodeCursor, type Page, toPage } from '../../platform/http/keyset.js';
import { assertRole } from '../campaigns/campaign-access.service.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import type { ObjectRow } from '../objects/objects.repository.js';
import { noSuchDay, sessionNumberTaken } from '../tabletop.errors.js';
import type {
  GameSessionChangeDto,
  GameSessionDetailsChangeDto,
  GameSessionDto,
  NewGameSessionDto,
} from './game-sessions.dto.js';
import { toGameSessionDto } from './game-sessions.mapper.js';
import { type SessionDetails, sessionDetailsOf } from './session-details.js';
import { SessionsRepository } from './sessions.repository.js';

/** Sessions as records: when the group met, when it was in the world, what happened. Nothing of them is live. */
@Injectable()
export class GameSessions {
  constructor(
    private readonly desk: ObjectDesk,
    private readonly sessions: SessionsRepository,
  ) {}

  /** By masters. @throws DomainError unknown campaign, the role is too low, the number is taken, an end before the beginning */
  create(
    caller: Principal,
    campaignId: string,
    wish: NewGameSessionDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<GameSessionDto>> {
    return this.desk.create(
      caller,
      campaignId,
      request,
      async (tx, seat) => {
        assertRole(seat, 'gm');
        const last = await this.sessions.lockNumbers(tx, seat.campaignId);
        const number = wish.details?.number ?? last + 1;
        // One that the client made before is found by its id; it may have its number.
        if (await this.sessions.isTaken(tx, seat.campaignId, number, wish.id ?? null))
          throw sessionNumberTaken(number);
        const details = changedDetails({ ...sessionDetailsOf({}), number }, wish.details);
        return { ...wish, kind: 'session', name: wish.name ?? `Session ${number}`, details };
      },
      (_tx, found) => toGameSessionDto(found),
    );
  }

  /** @throws DomainError unknown object */
  find(caller: Principal, id: string): Promise<GameSessionDto> {
    return this.desk.find(caller, 'session', id, (_tx, found) => toGameSessionDto(found));
  }

  /** Newest first, by number. @throws DomainError unknown campaign */
  list(
    caller: Principal,
    campaignId: string,
    query: { limit: number; cursor?: string },
  ): Promise<Page<GameSessionDto>> {
    const before =
      query.cursor === undefined ? null : decodeCursor(query.cursor, ['number', 'string'] as const);
    return this.desk.within(caller, campaignId, 'observer', async (tx, seat) => {
      const rows = await tx.query<ObjectRow>(
        this.sessions.listPage(seat.campaignId, before, query.limit + 1),
      );
      return toPage(
        rows,
        query.limit,
        ({ id, details }) => [sessionDetailsOf(details).number, id],
        (object) => toGameSessionDto({ object, seat }),
      );
    });
  }

  /** @throws DomainError unknown object, stale, the role is too low, the number is taken, an end before the beginning */
  change(
    caller: Principal,
    id: string,
    seen: number | undefined,
    wish: GameSessionChangeDto,
  ): Promise<GameSessionDto> {
    return this.desk.change(
      caller,
      'session',
      id,
      seen,
      async (tx, { object, seat }) => {
        const before = sessionDetailsOf(object.details);
        const number = wish.details?.number ?? before.number;
        if (number !== before.number) {
          assertRole(seat, 'gm');
          await this.sessions.lockNumbers(tx, seat.campaignId);
          if (await this.sessions.isTaken(tx, seat.campaignId, number, object.id))
            throw sessionNumberTaken(number);
        }
        return { ...wish, details: { ...object.details, ...changedDetails(before, wish.details) } };
      },
      (_tx, found) => toGameSessionDto(found),
    );
  }

  /** @throws DomainError unknown object, stale, the role is too low */
  remove(caller: Principal, id: string, seen: number | undefined): Promise<void> {
    return this.desk.remove(caller, 'session', id, seen);
  }
}

/** What is not named stays. @throws DomainError an end before the beginning, or without one */
function changedDetails(
  before: SessionDetails,
  wish: GameSessionDetailsChangeDto | undefined,
): SessionDetails {
  const after = {
    number: wish?.number ?? before.number,
    heldOn: wish?.heldOn === undefined ? before.heldOn : wish.heldOn,
    day: wish?.day === undefined ? before.day : wish.day,
    endDay: wish?.endDay === undefined ? before.endDay : wish.endDay,
    scenes: wish?.scenes?.map(({ title, text }) => ({ title, text: cleanHtml(text) })) ?? before.scenes,
  };
  if (after.endDay !== null && !(after.day !== null && after.day <= after.endDay))
    throw noSuchDay('/details/endDay');
  return after;
}
