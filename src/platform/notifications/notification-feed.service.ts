import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { leaveContext } from '../profiling/span.js';
import { type NotificationRow, NotificationsRepository } from './notifications.repository.js';

// One statement per tick for all followed accounts of the process, and none while nobody follows. Numbers of an account become
// visible in their order (notification_inbox), so what comes after the last one that was told is all there is to tell, in whatever
// process it was published. Whoever follows has been let in as that account; the platform then reads on nobody's behalf.

const POLL_MS = 300;
/** Of one account in one tick; the rest follows at once. */
const PORTION = 100;

/** Takes what is new of one account, oldest first. */
export type FeedListener = (news: readonly NotificationRow[]) => void;

interface Follower {
  readonly userId: string;
  /** Number of the last one that it was told. */
  seq: number;
  readonly listener: FeedListener;
}

@Injectable()
export class NotificationFeed implements BeforeApplicationShutdown {
  private readonly followers = new Set<Follower>();
  private timer: NodeJS.Timeout | undefined;
  private isReading = false;

  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: NotificationsRepository,
  ) {}

  /**
   * The number after which a client goes on: the one that it names, or the account's newest (0 where there is none). A client may
   * have seen more than there is: the database was restored from a backup. At its own place it would wait for good.
   * @param seen the last number that the client says it has seen
   */
  async placeOf(userId: string, seen: number | undefined): Promise<number> {
    const [head] = await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.listHeads(tx, [userId]));
    const newest = head?.lastSeq ?? 0;
    return seen === undefined ? newest : Math.min(seen, newest);
  }

  /** @param seq tells what comes after this one @returns ends it */
  follow(userId: string, seq: number, listener: FeedListener): () => void {
    const follower = { userId, seq, listener };
    this.followers.add(follower);
    leaveContext(() => {
      this.timer ??= setInterval(() => void this.read(), POLL_MS);
      void this.read();
    });
    return () => {
      this.followers.delete(follower);
      this.stopIfIdle();
    };
  }

  beforeApplicationShutdown(): void {
    this.followers.clear();
    this.stopIfIdle();
  }

  private stopIfIdle(): void {
    if (this.followers.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async read(): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    try {
      let isLeft = true;
      while (isLeft && this.followers.size > 0) isLeft = await this.readPortion();
    } catch {
      // the database is away; the next tick reads again
    } finally {
      this.isReading = false;
    }
  }

  /** @returns whether some account has more */
  private async readPortion(): Promise<boolean> {
    const oldest = new Map<string, number>();
    for (const { userId, seq } of this.followers)
      oldest.set(userId, Math.min(seq, oldest.get(userId) ?? Infinity));
    const seen = [...oldest].map(([userId, seq]) => ({ userId, seq }));
    const rows = await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.listNewer(tx, seen, PORTION));
    const byUser = new Map<string, NotificationRow[]>(seen.map(({ userId }) => [userId, []]));
    for (const row of rows) byUser.get(row.userId)?.push(row);
    for (const follower of [...this.followers]) this.tell(follower, byUser.get(follower.userId) ?? []);
    return [...byUser.values()].some((news) => news.length === PORTION);
  }

  private tell(follower: Follower, rows: readonly NotificationRow[]): void {
    const news = rows.filter(({ seq }) => seq > follower.seq);
    const last = news.at(-1);
    if (last === undefined) return;
    follower.seq = last.seq;
    follower.listener(news);
  }
}
