import { StartupError } from '../config/startup-error.js';
import { explainFault } from './embedded-faults.js';
import {
  launchPostmaster,
  type LaunchOptions,
  type Postmaster,
  stopPostmaster,
} from './embedded-postmaster.js';
import { isRunning, processBirth } from './embedded-process.js';

// A server of one's own has nobody else to bring it back: when it is killed (out of memory, by hand), it is launched again on
// the same data and port, so that every pool finds it where it was. A server that keeps dying is given up, or Guildhall would
// answer 503 for ever and look alive. One that was taken over is no child of ours, so both kinds are looked at by a timer.

const LOOK_EVERY_MS = 250;
/** So many deaths within the span are mended, one more is not. */
const MAX_DEATHS = 3;
const DEATHS_SPAN_MS = 10 * 60_000;

export class PostmasterWatch {
  private birth: string | null;
  private timer: NodeJS.Timeout | undefined;
  private relaunch: Promise<void> = Promise.resolve();
  private isStopped = false;
  private deathsAt: number[] = [];

  constructor(
    private server: Postmaster,
    private readonly options: LaunchOptions,
  ) {
    this.birth = processBirth(server.pid);
  }

  get pid(): number {
    return this.server.pid;
  }

  /**
   * Looks after the server until `stop`.
   * @param report told in one sentence of each death that was mended
   * @returns resolves with the reason, one sentence, when the server is gone for good; else never
   */
  keepRunning(report: (sentence: string) => void): Promise<StartupError> {
    return new Promise((resolve) => {
      const look = (): void => {
        this.timer = setTimeout(() => {
          if (this.isAlive()) {
            look();
            return;
          }
          this.relaunch = this.revive(report).then(look, (error: unknown) => {
            resolve(explainFault(error, this.options.location.dataDir));
          });
        }, LOOK_EVERY_MS).unref();
      };
      if (!this.isStopped) look();
    });
  }

  /** Ends the server, also one that is being launched at this moment. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.relaunch;
    clearTimeout(this.timer);
    await stopPostmaster(this.server.pid, this.options.location.dataDir);
  }

  private async revive(report: (sentence: string) => void): Promise<void> {
    const { dataDir } = this.options.location;
    const nowMs = Date.now();
    this.deathsAt = [...this.deathsAt.filter((atMs) => atMs > nowMs - DEATHS_SPAN_MS), nowMs];
    if (this.deathsAt.length > MAX_DEATHS) {
      throw new StartupError(
        `PostgreSQL in ${dataDir} has died ${this.deathsAt.length} times within ${DEATHS_SPAN_MS / 60_000} minutes and is not started again.`,
      );
    }
    this.server = await launchPostmaster(this.options, this.server.port);
    this.birth = processBirth(this.server.pid);
    report(`PostgreSQL in ${dataDir} had died and was started again.`);
  }

  /** Elsewhere than on Linux the birth costs a process of its own; a dead child of ours has no id there either way. */
  private isAlive(): boolean {
    const { pid } = this.server;
    return process.platform === 'linux' ? processBirth(pid) === this.birth : isRunning(pid);
  }
}
