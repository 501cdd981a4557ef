import { DomainError } from '../http/domain-error.js';

/** Codes of the room; HTTP status in brackets, of the answer to an upgrade or of the problem in an `error` frame. */
export const REALTIME_ERROR = {
  /** (404) no gateway has this path. */
  noGateway: 'realtime/no-gateway',
  /** (403) the page was served from an origin that CORS_ORIGINS does not name. */
  foreignOrigin: 'realtime/foreign-origin',
  /** (400) the handshake is not one of RFC 6455, or offers no protocol of ours beside a ticket. */
  badHandshake: 'realtime/bad-handshake',
  /** (429) the account has as many sockets open as one may have. */
  tooManySockets: 'realtime/too-many-sockets',
  /** (503) this process has as many sockets as it takes, or ends. */
  full: 'realtime/full',
  /** (429) the socket is in as many rooms as one may be in. */
  tooManyRooms: 'realtime/too-many-rooms',
  /** (400) the frame is no `{event, data, id?}` as JSON. */
  badFrame: 'realtime/bad-frame',
  /** (404) the gateway has no such event. */
  unknownEvent: 'realtime/unknown-event',
  /** (429) too many messages; the socket is closed. */
  tooManyMessages: 'realtime/too-many-messages',
  /** (422) the id came before with another message. */
  reusedId: 'realtime/reused-id',
  /** (403) the token brought in an `authenticate` frame is somebody else's. */
  anotherAccount: 'realtime/another-account',
} as const;

export function foreignOrigin(): DomainError {
  return new DomainError(
    'forbidden',
    REALTIME_ERROR.foreignOrigin,
    'Pages of this origin may not open sockets.',
  );
}

export function noGateway(): DomainError {
  return new DomainError('notFound', REALTIME_ERROR.noGateway, 'There is no gateway at this path.');
}

export function badHandshake(detail: string): DomainError {
  return new DomainError('malformed', REALTIME_ERROR.badHandshake, detail);
}

export function tooManySockets(most: number): DomainError {
  return new DomainError(
    'tooMany',
    REALTIME_ERROR.tooManySockets,
    `At most ${most} sockets may be open at once; close one.`,
  );
}

/** @param retryAfterS spread by the caller, or all come back at once */
export function socketsFull(retryAfterS: number): DomainError {
  return new DomainError(
    'overloaded',
    REALTIME_ERROR.full,
    'No further socket can be opened here; try again.',
    [],
    retryAfterS,
  );
}

export function tooManyRooms(most: number): DomainError {
  return new DomainError(
    'tooMany',
    REALTIME_ERROR.tooManyRooms,
    `A socket may be in ${most} rooms; leave one.`,
  );
}

export function badFrame(detail: string): DomainError {
  return new DomainError('malformed', REALTIME_ERROR.badFrame, detail);
}

export function unknownEvent(event: string): DomainError {
  return new DomainError(
    'notFound',
    REALTIME_ERROR.unknownEvent,
    `There is no event ${event.slice(0, 40)} here.`,
  );
}

export function tooManyMessages(): DomainError {
  return new DomainError(
    'tooMany',
    REALTIME_ERROR.tooManyMessages,
    'Too many messages; come back and send fewer at a time.',
  );
}

export function reusedId(): DomainError {
  return new DomainError(
    'unprocessable',
    REALTIME_ERROR.reusedId,
    'This id came before with another message.',
  );
}

export function anotherAccount(): DomainError {
  return new DomainError('forbidden', REALTIME_ERROR.anotherAccount, 'The token is of another account.');
}
