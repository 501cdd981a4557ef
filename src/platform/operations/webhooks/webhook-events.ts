// What administrators can be told. Each event says what happened and where to look; nothing of it names a user.

/** What a hook may ask for. */
export const ORDERED_EVENTS = ['slow_request_alert', 'error_group.opened'] as const;
export type OrderedEvent = (typeof ORDERED_EVENTS)[number];
export type WebhookEvent = OrderedEvent | 'webhook.test';

/** Alerts and groups named in one delivery; the rest is counted. */
const MOST_NAMED = 20;

export interface SlowRequest {
  readonly endpoint: string;
  readonly requestId: string;
  readonly durationMs: number;
  readonly atMs: number;
}

export interface OpenedErrorGroup {
  readonly fingerprint: string;
  readonly name: string;
  readonly code: string | null;
  readonly message: string;
  readonly frame: string | null;
  readonly requestIds: readonly string[];
}

/** The slowest first. */
export function slowRequestDetails(alerts: readonly SlowRequest[]): object {
  const slowest = [...alerts].sort((a, b) => b.durationMs - a.durationMs).slice(0, MOST_NAMED);
  return {
    count: alerts.length,
    requests: slowest.map(({ endpoint, requestId, durationMs, atMs }) => ({
      endpoint,
      requestId,
      durationMs,
      endedAt: new Date(atMs).toISOString(),
    })),
  };
}

export function errorGroupDetails(groups: readonly OpenedErrorGroup[]): object {
  return {
    count: groups.length,
    groups: groups.slice(0, MOST_NAMED).map(({ fingerprint, name, code, message, frame, requestIds }) => ({
      fingerprint,
      name,
      code,
      message,
      frame,
      requestIds: [...requestIds],
    })),
  };
}
