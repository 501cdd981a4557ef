import type { AuditEvent } from '../../audit/audit.service.js';
import type { ChannelRow } from '../../notifications/notification-channels.repository.js';

// What the audit trail keeps of a channel: never its URL.

export function shown({ kind, origin, label }: Pick<ChannelRow, 'kind' | 'origin' | 'label'>): object {
  return { kind, origin, label };
}

export function channelEvent(
  what: 'created' | 'deleted' | 'enabled' | 'tested',
  id: string,
  change: Pick<AuditEvent, 'before' | 'after'>,
): AuditEvent {
  const object = { type: 'platform.notification-channel', id };
  return { action: `platform.notification-channel-${what}`, object, ...change };
}
