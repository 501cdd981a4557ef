import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { LiveSockets } from './live-sockets.service.js';
import type { RealtimeFigures } from './realtime-figures.js';

/** Sockets at /metrics. */
@Injectable()
export class RealtimeMetrics {
  constructor(
    private readonly registry: Registry,
    private readonly sockets: LiveSockets,
  ) {
    new Gauge({
      name: 'ws_sockets_open',
      help: 'WebSockets that are open.',
      registers: [registry],
      collect() {
        this.set(sockets.size);
      },
    });
    this.count('frames_in', 'Messages of clients.', ({ framesIn }) => framesIn);
    this.count('frames_out', 'Frames to clients.', ({ framesOut }) => framesOut);
    this.count('bytes_out', 'Bytes of frames to clients.', ({ bytesOut }) => bytesOut);
    this.count(
      'frames_conflated',
      'Frames that gave way to newer ones of their key.',
      (figures) => figures.conflated,
    );
    this.count('frames_refused', 'Messages that were answered by an error.', ({ refused }) => refused);
    this.count('fanout_out', 'Frames told to other processes.', ({ fanoutOut }) => fanoutOut);
    this.count('fanout_in', 'Frames told by other processes.', ({ fanoutIn }) => fanoutIn);
    this.countBy('closes', 'code', 'Sockets that have ended, by close code.', ({ closes }) => closes);
    this.countBy(
      'upgrades_refused',
      'status',
      'Upgrades that were refused, by status.',
      (figures) => figures.refusedUpgrades,
    );
  }

  private count(what: string, help: string, figureOf: (figures: RealtimeFigures) => number): void {
    const { figures } = this.sockets;
    new Counter({
      name: `ws_${what}_total`,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(figureOf(figures));
      },
    });
  }

  private countBy(
    what: string,
    label: string,
    help: string,
    figuresOf: (figures: RealtimeFigures) => ReadonlyMap<number, number>,
  ): void {
    const { figures } = this.sockets;
    new Counter({
      name: `ws_${what}_total`,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [value, count] of figuresOf(figures)) this.inc({ [label]: value }, count);
      },
    });
  }
}
