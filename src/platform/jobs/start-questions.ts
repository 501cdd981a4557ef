import { SYSTEM_SCOPE } from '../database/system-scope.js';
import type { UnitOfWork } from '../database/unit-of-work.js';
import type { JobsRepository, JobVerdict } from './jobs.repository.js';

type Verdicts = ReadonlyMap<string, JobVerdict>;

/** Asks whether jobs may start: all that start in one turn of the event loop in one short read. */
export class StartQuestions {
  private ids: string[] = [];
  private asked: Promise<Verdicts> | undefined;

  constructor(
    private readonly system: UnitOfWork,
    private readonly rows: JobsRepository,
  ) {}

  async ask(id: string): Promise<JobVerdict> {
    this.ids.push(id);
    this.asked ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.askAll());
    return (await this.asked).get(id) ?? 'over';
  }

  private async askAll(): Promise<Verdicts> {
    const { ids } = this;
    this.ids = [];
    this.asked = undefined;
    const rows = await this.system.read<{ id: string; isCancelRequested: boolean }>(
      SYSTEM_SCOPE,
      this.rows.startsOf(ids),
    );
    return new Map(rows.map((row) => [row.id, row.isCancelRequested ? 'cancel' : 'go']));
  }
}
