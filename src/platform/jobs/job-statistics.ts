import { Injectable } from '@nestjs/common';

export interface JobFigures {
  done: number;
  failed: number;
  dead: number;
  /** Sum over all tries. */
  durationMs: number;
}

/** What this process's workers have done since it started, by job; read by metrics. */
@Injectable()
export class JobStatistics {
  private readonly figures = new Map<string, JobFigures>();

  ended(name: string, as: 'done' | 'failed', durationMs: number): void {
    const figures = this.of(name);
    figures[as] += 1;
    figures.durationMs += durationMs;
  }

  died(name: string): void {
    this.of(name).dead += 1;
  }

  all(): ReadonlyMap<string, Readonly<JobFigures>> {
    return this.figures;
  }

  private of(name: string): JobFigures {
    let figures = this.figures.get(name);
    if (!figures) this.figures.set(name, (figures = { done: 0, failed: 0, dead: 0, durationMs: 0 }));
    return figures;
  }
}
