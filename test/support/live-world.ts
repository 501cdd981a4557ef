import type { AddressInfo } from 'node:net';
import { Module, type Provider, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Registry } from 'prom-client';
import { AuthError } from '../../src/platform/auth/auth.errors.js';
import { AUTHENTICATOR, type Authenticator } from '../../src/platform/auth/authenticator.js';
import { PERMISSIONS, type Permission, type Principal } from '../../src/platform/auth/principal.js';
import { PrincipalResolver } from '../../src/platform/auth/principal-resolver.js';
import { ENV } from '../../src/platform/config/config.module.js';
import { parseEnvironment } from '../../src/platform/config/env.js';
import { FastExpressAdapter } from '../../src/platform/http/fast-express.adapter.js';
import { LOGGER } from '../../src/platform/logging/logger.js';
import type { BusListener, OpenBus } from '../../src/platform/realtime/fanout-bus.js';
import { RealtimeAdapter } from '../../src/platform/realtime/realtime.adapter.js';
import { RealtimeModule } from '../../src/platform/realtime/realtime.module.js';

/** Whoever opens sockets in a test without a database: tokens and tickets are `<name>`, and what is revoked is a set. */
export class KnownPeople implements Authenticator {
  epoch = 0;
  readonly revoked = new Set<string>();
  readonly redeemed: string[] = [];
  /** Names whose token ends at a time. */
  readonly endsAtMs = new Map<string, number>();

  authenticate(token: string): Promise<Principal> {
    const name = /^token-of-(.+)$/.exec(token)?.[1];
    return name === undefined
      ? Promise.reject(new AuthError('invalidToken'))
      : Promise.resolve(this.principal(name));
  }

  redeemTicket(ticket: string): Promise<Principal> {
    const name = /^ticket-for-[a-z0-9]+-of-(.+)$/.exec(ticket)?.[1];
    if (name === undefined || this.redeemed.includes(ticket))
      return Promise.reject(new AuthError('invalidToken'));
    this.redeemed.push(ticket);
    return Promise.resolve(this.principal(name));
  }

  isRevoked({ sessionId }: Principal): boolean {
    return this.revoked.has(sessionId ?? '');
  }

  noteUse(): void {
    // keys are not of interest here
  }

  private principal(name: string): Principal {
    const permissions = new Set<Permission>(name.startsWith('stranger') ? [] : PERMISSIONS);
    const expiresAtMs = this.endsAtMs.get(name);
    return {
      id: `00000000-0000-7000-8000-${Buffer.from(name).toString('hex').slice(0, 12).padEnd(12, '0')}`,
      kind: 'account',
      name,
      permissions,
      sessionId: `session-of-${name}`,
      ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    };
  }
}

export interface LiveWorld {
  app: NestExpressApplication;
  url: string;
  people: KnownPeople;
  close(): Promise<void>;
}

const LIMITS = {
  requestTimeoutMs: 30_000,
  headersTimeoutMs: 10_000,
  keepAliveTimeoutMs: 65_000,
  maxHeaderBytes: 16_384,
};

/** The realtime room with gateways of a test, on a server as the product has it; without a database. */
export async function openLiveWorld(
  gateways: readonly Provider[],
  variables: Record<string, string> = {},
  controllers: Type[] = [],
  openBus?: OpenBus,
): Promise<LiveWorld> {
  const env = parseEnvironment({ NODE_ENV: 'test', ...variables });
  const people = new KnownPeople();
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const world = [
    { provide: ENV, useValue: env },
    { provide: LOGGER, useValue: silent },
    { provide: AUTHENTICATOR, useValue: people },
    { provide: Registry, useValue: new Registry() },
    PrincipalResolver,
  ];

  @Module({})
  class WorldModule {}
  @Module({})
  class GatewaysModule {}

  const app = await NestFactory.create<NestExpressApplication>(
    {
      module: GatewaysModule,
      imports: [
        { module: WorldModule, global: true, providers: world, exports: world },
        RealtimeModule.register(true, openBus),
      ],
      controllers,
      providers: [...gateways],
    },
    new FastExpressAdapter(LIMITS),
    { logger: false, abortOnError: false },
  );
  app.useWebSocketAdapter(new RealtimeAdapter(app, env.realtime.payloadBytes));
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { app, url: `http://127.0.0.1:${port}`, people, close: () => app.close() };
}

/** Processes of one test that hear each other without anything in between, a moment later; texts can be lost on purpose. */
export class LoopBus {
  private readonly listeners = new Set<BusListener>();
  isLosing = false;

  constructor(private readonly mostBytes = 1_000) {}

  readonly open: OpenBus = (listener) => {
    this.listeners.add(listener);
    setImmediate(() => listener.onListening());
    return {
      mostBytes: this.mostBytes,
      send: (text) => {
        if (Buffer.byteLength(text) > this.mostBytes) return Promise.reject(new Error('a text is too long'));
        if (!this.isLosing) setImmediate(() => this.listeners.forEach((one) => one.onText(text)));
        return Promise.resolve();
      },
      close: () => {
        this.listeners.delete(listener);
        return Promise.resolve();
      },
    };
  };
}

let tickets = 0;
/** Of somebody in such a world; works once. */
export function ticketFor(name: string): string {
  tickets += 1;
  return `ticket-for-${String(tickets).padStart(6, '0')}-of-${name}`;
}
