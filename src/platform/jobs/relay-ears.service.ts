import { Inject, Injectable } from '@nestjs/common';
import type { DatabaseTarget } from '../database/connection-config.js';
import { type Listener, openListener } from '../database/listener.js';
import { JOBS_TARGET } from './jobs.tokens.js';
import { LocalBell, RELAY_BELL, RELAY_CHANNEL } from './relay-bell.js';
import { Relay } from './relay.service.js';

/** Wakes this process's relay when somebody has enqueued: here, or in a process that has no relay. */
@Injectable()
export class RelayEars {
  private listener: Listener | undefined;

  constructor(
    @Inject(JOBS_TARGET) private readonly target: DatabaseTarget,
    @Inject(RELAY_BELL) private readonly bell: LocalBell,
    private readonly relay: Relay,
  ) {}

  start(): void {
    this.bell.onRing(() => this.relay.ring());
    this.listener = openListener(this.target, RELAY_CHANNEL, () => this.relay.ring());
  }

  async stop(): Promise<void> {
    await this.listener?.close();
  }
}
