/** Why we close a socket; what clients do then stands in docs/PLAYBOOKS.md and docs/asyncapi.yaml. */
export const CLOSE = {
  /** A frame that is no text. */
  unsupported: 1003,
  /** Behaves as no client of ours does. */
  policy: 1008,
  /** A frame beyond the limit; `ws` says so by itself. */
  tooLarge: 1009,
  /** Something went wrong on our side. */
  internal: 1011,
  /** This process ends: reconnect after the `retryMs` of the `bye` frame before. */
  restart: 1012,
  /** Does not read what it is sent: reconnect and resume. */
  tooSlow: 1013,
  /** The token has ended or was taken back: get a new one first. */
  tokenEnded: 4401,
  /** May not be here (any more): do not come back with this token. */
  forbidden: 4403,
  /** Gave no sign of life. */
  silent: 4408,
  /** Sent too many messages: come back slower. */
  tooMany: 4429,
} as const;
