import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { StartupError } from '../config/startup-error.js';
import type { Frames, ReceivedFrame } from './frames.js';
import type { LiveSocket } from './live-socket.js';

// Gateways are Nest's: `@WebSocketGateway({ path, frames })` with a method per event under `@SubscribeMessage`. Messages do not take
// Nest's way to them, which is a chain of observables and promises per message and a set of closures per socket (what that costs
// stands in docs/decisions/realtime.md); a message is one look into a map and one call. Guards, pipes, interceptors and filters of Nest
// have no place on that way, so a gateway that declares one fails the boot instead of going unguarded.

/** Options of `@WebSocketGateway<GatewayOptions>`. */
export interface GatewayOptions {
  readonly path: string;
  readonly frames: Frames;
}

/** What a handler may answer with; undefined = `done`, where the client asked by an id. */
export interface Reply {
  readonly event: string;
  readonly data: unknown;
}

/** A frame beside its data. */
export interface FrameHead {
  readonly event: string;
  readonly id: string | undefined;
}

export type Handled = Reply | undefined | void;
export type FrameHandler = (socket: LiveSocket, data: unknown, head: FrameHead) => Handled | Promise<Handled>;

/** What a gateway may have beside its handlers, as Nest names it. */
interface GatewayHooks {
  handleConnection?(socket: LiveSocket): void | Promise<void>;
  handleDisconnect?(socket: LiveSocket): void;
}

export interface Gateway {
  readonly frames: Frames;
  readonly events: ReadonlyMap<string, { readonly frame: ReceivedFrame; readonly handle: FrameHandler }>;
  /** Before the first message. Whoever throws refuses the socket. */
  readonly connected: ((socket: LiveSocket) => void | Promise<void>) | undefined;
  readonly disconnected: ((socket: LiveSocket) => void) | undefined;
}

// As @nestjs/websockets and @nestjs/common keep them; both name them in no public file. A test notices when they change.
const IS_GATEWAY = 'websockets:is_gateway';
const OPTIONS = 'websockets:gateway_options';
const EVENT = 'message';
const IS_HANDLER = 'websockets:message_mapping';
const UNSUPPORTED = ['__guards__', '__pipes__', '__interceptors__', '__exceptionFilters__'];

/** The gateways of this process. @throws StartupError for one that does not do what its frames say */
@Injectable()
export class Gateways implements OnModuleInit {
  private readonly byPath = new Map<string, Gateway>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    for (const { metatype, instance } of this.discovery.getProviders()) {
      if (!metatype || typeof instance !== 'object' || instance === null) continue;
      if (Reflect.getMetadata(IS_GATEWAY, metatype) !== true) continue;
      const { path, frames } = Reflect.getMetadata(OPTIONS, metatype) as Partial<GatewayOptions>;
      if (frames === undefined || frames.path !== path)
        throw new StartupError(`The gateway ${metatype.name} needs its frames, and their path.`);
      if (this.byPath.has(frames.path)) throw new StartupError(`Two gateways have the path ${frames.path}.`);
      this.byPath.set(frames.path, this.read(metatype.name, metatype, instance as GatewayHooks, frames));
    }
  }

  at(path: string): Gateway | undefined {
    return this.byPath.get(path);
  }

  get all(): readonly Gateway[] {
    return [...this.byPath.values()].sort((a, b) => (a.frames.path < b.frames.path ? -1 : 1));
  }

  private read(name: string, metatype: object, instance: GatewayHooks, frames: Frames): Gateway {
    const refuse = (what: string): never => {
      throw new StartupError(`The gateway ${name} ${what}.`);
    };
    const declared = new Map(frames.receives.map((frame) => [frame.event, frame]));
    const events = new Map<string, { frame: ReceivedFrame; handle: FrameHandler }>();
    const prototype = Object.getPrototypeOf(instance) as Record<string, unknown>;
    for (const method of this.scanner.getAllMethodNames(prototype)) {
      const handler = prototype[method] as FrameHandler & object;
      if (Reflect.getMetadata(IS_HANDLER, handler) !== true) continue;
      const event = Reflect.getMetadata(EVENT, handler) as string;
      const frame = declared.get(event) ?? refuse(`handles ${event}, which its frames do not declare`);
      if (events.has(event)) refuse(`handles ${event} twice`);
      if (hasEnhancers(handler)) refuse(`has a guard, pipe, interceptor or filter at ${method}`);
      events.set(event, { frame, handle: (...told) => handler.apply(instance, told) });
    }
    if (hasEnhancers(metatype)) refuse('has a guard, pipe, interceptor or filter');
    for (const event of declared.keys()) if (!events.has(event)) refuse(`does not handle ${event}`);
    return {
      frames,
      events,
      connected: instance.handleConnection?.bind(instance),
      disconnected: instance.handleDisconnect?.bind(instance),
    };
  }
}

function hasEnhancers(target: object): boolean {
  return UNSUPPORTED.some((key) => Reflect.getMetadata(key, target) !== undefined);
}
