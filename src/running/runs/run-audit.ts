import type { AuditEvent } from '../../platform/audit/audit.service.js';
import type { RunRow } from './runs.repository.js';

/** What the log tells of a run. What the runner wrote is no part of it. */
export function runEvent(
  what: 'created' | 'changed' | 'deleted',
  id: string,
  before: RunRow | undefined,
  after: RunRow | undefined,
): AuditEvent {
  return {
    action: `running.run-${what}`,
    object: { type: 'running.run', id },
    before: before && shown(before),
    after: after && shown(after),
  };
}

function shown({ source, status, sport, startedAt, privacy, visibility, version }: RunRow): object {
  return { source, status, sport, startedAt: startedAt.toISOString(), privacy, visibility, version };
}
