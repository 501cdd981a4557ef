import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { StartupError } from '../config/startup-error.js';
import { type DataHandler, HANDLES_DATA_METADATA } from './data-handler.js';

/** Which provider speaks for which tables. Two of one name fail the boot. */
@Injectable()
export class DataHandlers implements OnModuleInit {
  private readonly handlers = new Map<string, DataHandler>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const { metatype, instance } of this.discovery.getProviders()) {
      if (typeof metatype !== 'function' || !instance) continue;
      const name = Reflect.getMetadata(HANDLES_DATA_METADATA, metatype) as string | undefined;
      if (name === undefined) continue;
      const known = this.handlers.get(name);
      if (known && known !== instance)
        throw new StartupError(`There are two handlers of the data called ${name}.`);
      this.handlers.set(name, instance as DataHandler);
    }
  }

  /** In the order of the alphabet. */
  names(): string[] {
    return [...this.handlers.keys()].sort();
  }

  /** @throws Error when there is none */
  get(name: string): DataHandler {
    const handler = this.handlers.get(name);
    if (!handler) throw new Error(`There is no handler of the data called ${name}`);
    return handler;
  }
}
