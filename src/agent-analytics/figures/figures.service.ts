import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { FiguresRepository } from './figures.repository.js';
import {
  SessionFiguresRepository,
  type SessionRow,
  type SessionTrace,
  type TurnRow,
} from './session-figures.repository.js';
import { sessionFigures } from './session-figures.js';
import { CUPID_NAMES } from './story-names.js';
import {
  type SpokenRow,
  SpokenStepsRepository,
  toSpokenTraces,
} from '../sessions/spoken-steps.repository.js';
import { transcriptOf } from './transcript.js';
import { turnFacts } from './turn-facts.js';
import { traceFigures } from './trace-figures.js';

/** In the transaction of a rebuild. */
export type RebuildListener = (tx: Tx, projectId: string) => Promise<void>;

/** So many traces are in memory at once, with their observations and without texts. */
const TRACES_AT_ONCE = 500;
/** With the texts of their generations, each of which holds the talk so far. */
const SESSIONS_AT_ONCE = 50;

/**
 * Makes derived rows of raw ones. A rebuild is one transaction however much it is: readers have all of the old or all of the new. What is
 * dirty is taken in it, so a rebuild that dies has done nothing, and what becomes dirty meanwhile is the next one's.
 */
@Injectable()
export class Figures {
  private readonly listeners: RebuildListener[] = [];

  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: FiguresRepository,
    private readonly sessions: SessionFiguresRepository,
    private readonly spoken: SpokenStepsRepository,
  ) {}

  /** @param listener is called in the transaction of every rebuild, with its project; throws what undoes it */
  tellRebuilt(listener: RebuildListener): void {
    this.listeners.push(listener);
  }

  /** Of all that has changed since the last rebuild. */
  rebuildDirty(projectId: string, signal: AbortSignal): Promise<void> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      await this.rows.begin(tx, projectId);
      await this.rebuild(tx, projectId, signal);
    });
  }

  /** Of everything, as if there were no derived rows. */
  rebuildAll(projectId: string, signal: AbortSignal): Promise<void> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      await this.rows.begin(tx, projectId);
      await this.rows.markAll(tx, projectId);
      await this.rebuild(tx, projectId, signal);
    });
  }

  private async rebuild(tx: Tx, projectId: string, signal: AbortSignal): Promise<void> {
    const days = new Set<string>();
    for (;;) {
      signal.throwIfAborted();
      const ids = await this.rows.takeDirtyTraces(tx, projectId, TRACES_AT_ONCE);
      if (ids.length === 0) break;
      for (const day of await this.rebuildTraces(tx, projectId, ids)) days.add(day);
    }
    for (;;) {
      signal.throwIfAborted();
      const ids = await this.sessions.takeDirtySessions(tx, projectId, SESSIONS_AT_ONCE);
      if (ids.length === 0) break;
      await this.rebuildSessions(tx, projectId, ids);
    }
    if (days.size > 0) await this.rows.rebuildDays(tx, projectId, [...days].sort());
    for (const listener of this.listeners) await listener(tx, projectId);
  }

  private async rebuildTraces(tx: Tx, projectId: string, ids: readonly string[]): Promise<string[]> {
    const traces = new Map(
      (await this.rows.listRawTraces(tx, projectId, ids)).map((trace) => [trace.id, trace]),
    );
    const observations = groupedBy(
      await this.rows.listRawObservations(tx, projectId, ids),
      ({ traceId }) => traceId ?? '',
    );
    const made = ids.map((id) =>
      traceFigures(id, traces.get(id) ?? null, observations.get(id) ?? [], CUPID_NAMES),
    );
    return this.rows.replaceTraces(
      tx,
      projectId,
      ids,
      made.flatMap(({ trace }) => (trace === null ? [] : [trace])),
      made.flatMap(({ runs }) => runs),
      made.flatMap(({ gaps }) => gaps),
    );
  }

  private async rebuildSessions(tx: Tx, projectId: string, ids: readonly string[]): Promise<void> {
    const known = new Map(
      (await this.sessions.listRawSessions(tx, projectId, ids)).map((row) => [row.id, row]),
    );
    const traces = groupedBy(
      await this.sessions.listSessionTraces(tx, projectId, ids),
      ({ sessionId }) => sessionId,
    );
    const sessions = ids.flatMap((id): SessionRow[] => {
      const own = known.get(id);
      const within = traces.get(id) ?? [];
      const figures = sessionFigures(within, CUPID_NAMES);
      const textOf = (trace: { id: string } | null): string | null =>
        within.find((one) => one.id === trace?.id)?.at.text ?? null;
      const place =
        own === undefined
          ? placeOf(within)
          : { environment: own.environment, createdAt: { at: own.createdAt, text: own.createdText } };
      if (place === null) return [];
      return [{ id, ...place, figures, firstText: textOf(figures.first), lastText: textOf(figures.last) }];
    });
    await this.sessions.replaceSessions(tx, projectId, ids, sessions);
    await this.sessions.replaceTurns(tx, projectId, ids, await this.turnsOf(tx, projectId, sessions));
  }

  private async turnsOf(tx: Tx, projectId: string, sessions: readonly SessionRow[]): Promise<TurnRow[]> {
    const ids = sessions.map(({ id }) => id);
    const steps = groupedBy(
      await tx.query<SpokenRow>(this.spoken.stepsStatement(projectId, ids)),
      ({ sessionId }) => sessionId,
    );
    return sessions.flatMap(({ id, environment }) =>
      turnFacts(transcriptOf(toSpokenTraces(steps.get(id) ?? []), CUPID_NAMES)).map((turn) => ({
        ...turn,
        sessionId: id,
        environment,
      })),
    );
  }
}

/** Of a session that only its traces tell of: as old as the first of them was new to Langfuse. */
function placeOf(traces: readonly SessionTrace[]): Pick<SessionRow, 'environment' | 'createdAt'> | null {
  const [first] = [...traces].sort((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1));
  if (first === undefined) return null;
  const heard = traces.flatMap(({ createdAt }) => (createdAt === null ? [] : [createdAt]));
  const [earliest = first.at] = heard.sort((a, b) => a.at.getTime() - b.at.getTime());
  return { environment: first.environment, createdAt: earliest };
}

function groupedBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}
