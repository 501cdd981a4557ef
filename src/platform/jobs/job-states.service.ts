import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { type JobEnd, JobsRepository, type JobVerdict } from './jobs.repository.js';
import { RunningJob } from './running-job.js';

interface StartRow {
  id: string;
  isCancelRequested: boolean;
}

/** What a worker asks and writes about the rows of the jobs that it runs. */
@Injectable()
export class JobStates {
  private readonly questions = new Map<
    string,
    { ids: string[]; answer: Promise<ReadonlyMap<string, StartRow>> }
  >();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly rows: JobsRepository,
  ) {}

  /** @param attempt 1 at the first try */
  newRun(id: string, ownerId: string, attempt: number): RunningJob {
    return new RunningJob(id, ownerId, attempt, this.system, this.rows);
  }

  /** May it start? A job with a dedup key no longer stands in the way of the next one from here on. */
  async start({ id, ownerId }: RunningJob, name: string, dedupKey: string | null): Promise<JobVerdict> {
    if (dedupKey !== null)
      return this.system.run(SYSTEM_SCOPE, (tx) => this.rows.updateStarted(tx, id, name, dedupKey));
    const row = (await this.ask(ownerId, id)).get(id);
    if (!row) return 'over';
    return row.isCancelRequested ? 'cancel' : 'go';
  }

  /**
   * Every job pays for this question, so those that start in one turn of the event loop ask together; as their owner, whose
   * short reads travel on a shared connection.
   */
  private ask(ownerId: string, id: string): Promise<ReadonlyMap<string, StartRow>> {
    let question = this.questions.get(ownerId);
    if (!question) {
      const ids: string[] = [];
      question = { ids, answer: nextTurn().then(() => this.answer(ownerId, ids)) };
      this.questions.set(ownerId, question);
    }
    question.ids.push(id);
    return question.answer;
  }

  private async answer(ownerId: string, ids: readonly string[]): Promise<ReadonlyMap<string, StartRow>> {
    this.questions.delete(ownerId);
    const rows = await this.uow.read<StartRow>({ id: ownerId }, this.rows.startsOf(ids));
    return new Map(rows.map((row) => [row.id, row]));
  }

  async fail(id: string, attempts: number, error: string): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.updateFailedTry(tx, id, attempts, error));
  }

  async end(id: string, end: JobEnd): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.updateEnded(tx, id, end));
  }

  /** A relay that knows the job hands it over anew. */
  async reopen(id: string): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.updateReopened(tx, [id]));
  }

  listCancelRequested(ids: readonly string[]): Promise<string[]> {
    return this.system.run(SYSTEM_SCOPE, (tx) => this.rows.listCancelRequested(tx, ids));
  }
}
