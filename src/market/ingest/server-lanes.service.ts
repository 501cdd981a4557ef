import { Injectable } from '@nestjs/common';
import { DatabaseUnavailableError } from '../../platform/database/database.errors.js';
import { DomainError } from '../../platform/http/domain-error.js';
import { MARKET_ERROR } from '../market.errors.js';

// Batches of one server are stored one after the other. They wait here, in the process, rather than in the database, where
// each waiting one would hold a connection. The lane lock inside the transaction does the same between processes.
// When the database is away, the first batch finds out within its time limit; those that waited behind it learn it from that
// one, since trying one after the other would keep the last of them waiting for minutes.

const MAX_WAITING = 64;

@Injectable()
export class ServerLanes {
  private readonly tails = new Map<number, Promise<DatabaseUnavailableError | undefined>>();
  private readonly waiting = new Map<number, number>();

  /** Runs `work` when the lanes of all `serverIds` are free; ids are taken in ascending order. @throws DomainError lane full */
  run<T>(serverIds: readonly number[], work: () => Promise<T>): Promise<T> {
    return [...new Set(serverIds)]
      .sort((a, b) => b - a)
      .reduce<() => Promise<T>>((inner, serverId) => () => this.inLane(serverId, inner), work)();
  }

  private async inLane<T>(serverId: number, work: () => Promise<T>): Promise<T> {
    const waiting = this.waiting.get(serverId) ?? 0;
    if (waiting >= MAX_WAITING) {
      throw new DomainError(
        'overloaded',
        MARKET_ERROR.laneFull,
        'Too many batches wait for this server; send again later.',
      );
    }
    this.waiting.set(serverId, waiting + 1);
    const before = this.tails.get(serverId) ?? Promise.resolve(undefined);
    const mine = before.then((outage) => {
      if (outage) throw outage;
      return work();
    });
    const tail = mine.then(
      () => undefined,
      (error: unknown) => (error instanceof DatabaseUnavailableError ? error : undefined),
    );
    this.tails.set(serverId, tail);
    try {
      return await mine;
    } finally {
      const left = this.waiting.get(serverId)! - 1;
      if (left === 0) this.waiting.delete(serverId);
      else this.waiting.set(serverId, left);
      if (this.tails.get(serverId) === tail) this.tails.delete(serverId);
    }
  }
}
