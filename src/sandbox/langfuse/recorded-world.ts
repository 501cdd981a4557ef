import type { StoredObservation, StoredSession, StoredTrace } from './langfuse-rows.js';
import { LangfuseWorld } from './langfuse-world.js';

// A world made of answers that a Langfuse once gave (legacy API, as JSON). `createdAt` is taken for the arrival.

type Raw = Readonly<Record<string, unknown>>;

export interface RecordedRows {
  readonly sessions: readonly Raw[];
  readonly traces: readonly Raw[];
  readonly observations: readonly Raw[];
}

/** @param isAllThere every row can be seen from the start, whenever it arrived */
export function recordedWorld(projectId: string, rows: RecordedRows, isAllThere = true): LangfuseWorld {
  const world = new LangfuseWorld(projectId);
  const arrival = (createdAtMs: number): number => (isAllThere ? Number.NEGATIVE_INFINITY : createdAtMs);
  for (const raw of rows.sessions) {
    const row = sessionOf(raw);
    world.put('sessions', row, arrival(row.createdAtMs));
  }
  for (const raw of rows.traces) {
    const row = traceOf(raw);
    world.put('traces', row, arrival(row.createdAtMs));
  }
  for (const raw of rows.observations) {
    const row = observationOf(raw);
    world.put('observations', row, arrival(row.createdAtMs));
  }
  return world;
}

function sessionOf(raw: Raw): StoredSession {
  return {
    id: String(raw['id']),
    createdAtMs: msOf(raw['createdAt']),
    environment: String(raw['environment']),
  };
}

function traceOf(raw: Raw): StoredTrace {
  return {
    id: String(raw['id']),
    sessionId: textOf(raw['sessionId']),
    timestampMs: msOf(raw['timestamp']),
    name: textOf(raw['name']),
    userId: textOf(raw['userId']),
    release: textOf(raw['release']),
    version: textOf(raw['version']),
    environment: String(raw['environment']),
    tags: raw['tags'] as string[],
    metadata: storedMetadata(raw['metadata']),
    input: storedPayload(raw['input']),
    output: storedPayload(raw['output']),
    createdAtMs: msOf(raw['createdAt']),
    updatedAtMs: msOf(raw['updatedAt']),
  };
}

function observationOf(raw: Raw): StoredObservation {
  return {
    id: String(raw['id']),
    traceId: textOf(raw['traceId']),
    parentId: textOf(raw['parentObservationId']),
    type: String(raw['type']),
    name: textOf(raw['name']),
    startMs: msOf(raw['startTime']),
    endMs: raw['endTime'] === null ? null : msOf(raw['endTime']),
    level: String(raw['level']),
    statusMessage: textOf(raw['statusMessage']),
    model: textOf(raw['model']),
    input: storedPayload(raw['input']),
    output: storedPayload(raw['output']),
    metadata: storedMetadata(raw['metadata']),
    usage: raw['usageDetails'] as Record<string, number>,
    cost: raw['costDetails'] as Record<string, number>,
    promptName: textOf(raw['promptName']),
    promptVersion: raw['promptVersion'] as number | null,
    version: textOf(raw['version']),
    environment: String(raw['environment']),
    createdAtMs: msOf(raw['createdAt']),
    updatedAtMs: msOf(raw['updatedAt']),
  };
}

/** As Langfuse keeps it: text as it is, everything else as JSON. */
export function storedPayload(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function storedMetadata(value: unknown): Record<string, string> {
  const entries = Object.entries((value ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.map(([key, one]) => [key, storedPayload(one) ?? 'null']));
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : (value as string);
}

function msOf(value: unknown): number {
  const ms = Date.parse(String(value));
  if (Number.isNaN(ms)) throw new Error('A recorded row has no readable time');
  return ms;
}
