import {
  defineStream,
  type SourceCheck,
  type SyncSource,
  type SyncStream,
} from '../../platform/sync/sync-source.js';
import { SyncFault } from '../../platform/sync/sync-fault.js';
import type { ObservationRow, ScoreRow, SessionRow, TraceRow } from './canonical-rows.js';
import type { LangfuseClient } from './langfuse.client.js';
import { type Generation, LangfuseProbe } from './langfuse.probe.js';
import {
  legacyObservations,
  legacySessions,
  legacyTraces,
  observationsV2,
  scores,
  type StreamPages,
} from './langfuse.streams.js';

/** Tables of one kind of row. */
export type StreamStore<Row> = Pick<SyncStream<Row>, 'store' | 'stored'>;

/** Where the rows of one project go. */
export interface LangfuseStore {
  readonly sessions: StreamStore<SessionRow>;
  readonly traces: StreamStore<TraceRow>;
  /** Of both generations; those of v2 bring the context of their trace. */
  readonly observations: StreamStore<ObservationRow>;
  readonly scores: StreamStore<ScoreRow>;
  readonly afterRun: SyncSource['afterRun'];
  readonly whenSucceeded: SyncSource['whenSucceeded'];
}

export const LANGFUSE_DOMAIN = 'agent-analytics';
const DAY_MS = 86_400_000;
/** Beside the plan's budget, which is longer where there is one. */
const PAGE_PAUSE_MS = 300;

/**
 * One project of one Langfuse. Which streams it has depends on the server's generation, which `prepare` finds out before a run; each
 * generation has streams of its own names, and so positions of its own: a server that changes is read anew, into the same rows.
 */
export class LangfuseSource implements SyncSource {
  readonly id: string;
  readonly domain = LANGFUSE_DOMAIN;
  readonly reconcileEveryMs = DAY_MS;
  readonly verifyEveryMs = DAY_MS;
  readonly pagePauseMs = PAGE_PAUSE_MS;
  readonly since: Date;
  readonly secrets: readonly string[];
  readonly afterRun: SyncSource['afterRun'];
  readonly whenSucceeded: SyncSource['whenSucceeded'];
  private readonly probe: LangfuseProbe;
  private readonly streamsBy: Readonly<Record<Generation, readonly SyncStream[]>>;

  constructor(
    client: LangfuseClient,
    readonly intervalMs: number,
    store: LangfuseStore,
  ) {
    const { name, since } = client.project;
    this.id = `langfuse:${name}`;
    this.since = since;
    this.secrets = client.secrets;
    this.afterRun = store.afterRun;
    this.whenSucceeded = store.whenSucceeded;
    this.probe = new LangfuseProbe(client);
    const scored = this.stream(null, scores(client), store.scores);
    this.streamsBy = {
      legacy: [
        this.stream('legacy', legacySessions(client), store.sessions),
        this.stream('legacy', legacyTraces(client), store.traces),
        this.stream('legacy', legacyObservations(client), store.observations),
        scored,
      ],
      v2: [this.stream('v2', observationsV2(client), store.observations), scored],
    };
  }

  get streams(): readonly SyncStream[] {
    return this.streamsBy[this.probe.known];
  }

  /** Finds out what the server has, before `streams` are looked at. @throws SyncFault */
  async prepare(signal: AbortSignal): Promise<void> {
    await this.probe.choose(signal);
  }

  check(signal: AbortSignal): Promise<SourceCheck> {
    return this.probe.check(signal);
  }

  /** @param of the generation whose stream it is; null = of any */
  private stream<Row>(of: Generation | null, pages: StreamPages<Row>, store: StreamStore<Row>): SyncStream {
    return defineStream<Row>({
      ...pages,
      fetchPage: async (request) => {
        const { signal } = request;
        // A run that began before the server was asked, or before it changed, has the wrong streams; the next one has the right ones.
        if (of !== null && of !== (await this.probe.choose(signal)))
          throw new SyncFault('gone', 'This Langfuse is read by its other API from the next run on.');
        try {
          return await pages.fetchPage(request);
        } catch (error) {
          if (of !== null && error instanceof SyncFault && error.kind === 'gone')
            await this.probe.askAgain(signal);
          throw error;
        }
      },
      store: (tx, rows, context) => store.store(tx, rows, context),
      stored: store.stored,
    });
  }
}
