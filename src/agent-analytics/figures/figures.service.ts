import { Inject, Injectable } from '@nestjs/common';
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
import { sessionText } from './session-text.js';
import { SessionTextsRepository } from './session-texts.repository.js';
import type { StoryNames } from './story-names.js';
import { STORY_NAMES } from '../story-names.tokens.js';
import { type SpokenRow, SpokenStepsRepository, toSpokenTraces } from './spoken-steps.repository.js';
import { transcriptOf, type Turn } from './transcript.js';
import { turnFacts } from './turn-facts.js';
import { traceFigures } from './trace-figures.js';

export interface FiguresState {
  /** Another one with each portion of a rebuild; null = none has been made yet. */
  readonly version: string | null;
  /**
   * Has a rebuild begun that is not at its end? It has committed traces whose sessions or sums are still those of before. Rows that
   * are merely out of date are something else: no rebuild has touched them, and figures are those of the last one. Portions of
   * sessions alone, with all their traces as they were, are not told: each session is wholly old or wholly new.
   */
  readonly isHalfRebuilt: boolean;
}

/** In the transaction of a rebuild or a run. */
export type FiguresListener = (tx: Tx, projectId: string) => Promise<void>;

/** So many traces are in memory at once, with their observations and without texts. */
const TRACES_AT_ONCE = 500;
/** With the texts of their generations, each of which holds the talk so far. */
const SESSIONS_AT_ONCE = 50;
/** Of UTC; each is summed up as a whole. */
const DAYS_AT_ONCE = 366;
/** What one transaction may do before it is committed. Far more than an ordinary run touches, and done in some ten seconds. */
const PORTION: PortionSize = { traces: 10_000, sessions: 1_000 };

export interface PortionSize {
  readonly traces: number;
  readonly sessions: number;
}

/** Called after each portion: so many of so many traces, sessions and days are done. */
export type OnRebuilt = (done: number, total: number) => void;

/**
 * Makes derived rows of raw ones. What an ordinary run touched is rebuilt in one transaction: readers have all of the old or all of the new.
 * More than that goes in portions, first all traces, then sessions, then sums of days, so that a row is always wholly old or wholly new and a
 * session is never made of half its traces. What is dirty is taken in the transaction that rebuilds it: a rebuild that dies or is told to
 * stop goes on, whoever begins the next one, where it was; what becomes dirty meanwhile is done too. Marks are never shared: what is written
 * while a rebuild runs leaves a mark that this one does not see, so nothing is taken for done that was not read.
 */
@Injectable()
export class Figures {
  private readonly listeners: FiguresListener[] = [];

  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: FiguresRepository,
    private readonly sessions: SessionFiguresRepository,
    private readonly spoken: SpokenStepsRepository,
    private readonly texts: SessionTextsRepository,
    @Inject(STORY_NAMES) private readonly names: StoryNames,
  ) {}

  /** @param listener is called in the transaction that ends a rebuild, and in that of a complete run; throws what undoes that one */
  onChanged(listener: FiguresListener): void {
    this.listeners.push(listener);
  }

  /** A run is complete with this transaction: the figures tell of more, though nothing in them may have changed. */
  async tellComplete(tx: Tx, projectId: string): Promise<void> {
    for (const listener of this.listeners) await listener(tx, projectId);
  }

  /** What was read between two equal states of which neither is half rebuilt is of one rebuild. */
  async stateOf(tx: Tx, projectId: string): Promise<FiguresState> {
    const { version, hasDirtyDays } = await this.rows.findState(tx, projectId);
    return { version, isHalfRebuilt: hasDirtyDays };
  }

  /** Of all that has changed since the last rebuild. */
  async rebuildDirty(
    projectId: string,
    signal: AbortSignal,
    onRebuilt: OnRebuilt = () => undefined,
    size: PortionSize = PORTION,
  ): Promise<void> {
    for (let done = 0, left = 1; left > 0;) {
      const portion = await this.system.run(SYSTEM_SCOPE, async (tx) => {
        await this.rows.begin(tx, projectId);
        if (await this.rows.takeDirtyProject(tx, projectId)) await this.rows.markAll(tx, projectId);
        const count = await this.rebuildPortion(tx, projectId, signal, size);
        if (count > 0) await this.rows.renewVersion(tx, projectId);
        const left = await this.rows.countDirty(tx, projectId);
        if (left === 0) await this.tellComplete(tx, projectId);
        return { count, left };
      });
      done += portion.count;
      left = portion.left;
      onRebuilt(done, done + left);
    }
  }

  /** Of everything, as if there were no derived rows. */
  async rebuildAll(
    projectId: string,
    signal: AbortSignal,
    onRebuilt?: OnRebuilt,
    size?: PortionSize,
  ): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, (tx) => this.requestAll(tx, projectId));
    await this.rebuildDirty(projectId, signal, onRebuilt, size);
  }

  /** In the caller's transaction, of any role: with its commit all figures are out of date, and the next rebuild makes them. */
  requestAll(tx: Tx, projectId: string): Promise<void> {
    return this.rows.insertDirtyProject(tx, projectId);
  }

  /** Each step begins when the one before has nothing left to do. @returns how much was rebuilt */
  private async rebuildPortion(
    tx: Tx,
    projectId: string,
    signal: AbortSignal,
    size: PortionSize,
  ): Promise<number> {
    let traceCount = 0;
    for (;;) {
      signal.throwIfAborted();
      const ids = await this.rows.takeDirtyTraces(
        tx,
        projectId,
        Math.min(TRACES_AT_ONCE, size.traces - traceCount),
      );
      if (ids.length === 0) break;
      await this.rebuildTraces(tx, projectId, ids);
      traceCount += ids.length;
      if (traceCount >= size.traces) return traceCount;
    }
    let sessionCount = 0;
    for (;;) {
      signal.throwIfAborted();
      const most = Math.min(SESSIONS_AT_ONCE, size.sessions - sessionCount);
      const ids = await this.sessions.takeDirtySessions(tx, projectId, most);
      if (ids.length === 0) break;
      await this.rebuildSessions(tx, projectId, ids);
      sessionCount += ids.length;
      if (sessionCount >= size.sessions) return traceCount + sessionCount;
    }
    const days = await this.rows.takeDirtyDays(tx, projectId, DAYS_AT_ONCE);
    if (days.length > 0) await this.rows.rebuildDays(tx, projectId, days);
    return traceCount + sessionCount + days.length;
  }

  private async rebuildTraces(tx: Tx, projectId: string, ids: readonly string[]): Promise<void> {
    const traces = new Map(
      (await this.rows.listRawTraces(tx, projectId, ids)).map((trace) => [trace.id, trace]),
    );
    const observations = groupedBy(
      await this.rows.listRawObservations(tx, projectId, ids),
      ({ traceId }) => traceId ?? '',
    );
    const made = ids.map((id) =>
      traceFigures(id, traces.get(id) ?? null, observations.get(id) ?? [], this.names),
    );
    await this.rows.replaceTraces(
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
      const figures = sessionFigures(within, this.names);
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
    const told = await this.transcriptsOf(tx, projectId, sessions);
    await this.sessions.replaceTurns(tx, projectId, ids, told.flatMap(turnRowsOf));
    const texts = told.map(({ session: { id, figures }, turns }) => ({
      id,
      ...sessionText({ id, mortal: figures.mortal, match: figures.match }, turns),
    }));
    await this.texts.replaceTexts(tx, projectId, ids, texts);
  }

  private async transcriptsOf(tx: Tx, projectId: string, sessions: readonly SessionRow[]): Promise<Told[]> {
    const ids = sessions.map(({ id }) => id);
    const steps = groupedBy(
      await tx.query<SpokenRow>(this.spoken.stepsStatement(projectId, ids)),
      ({ sessionId }) => sessionId,
    );
    return sessions.map((session) => ({
      session,
      turns: transcriptOf(toSpokenTraces(steps.get(session.id) ?? []), this.names),
    }));
  }
}

interface Told {
  readonly session: SessionRow;
  readonly turns: readonly Turn[];
}

function turnRowsOf({ session: { id, environment }, turns }: Told): TurnRow[] {
  return turnFacts(turns).map((turn) => ({ ...turn, sessionId: id, environment }));
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
