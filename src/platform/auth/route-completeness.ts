import { Injectable, type OnApplicationBootstrap, RequestMethod } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { StartupError } from '../config/startup-error.js';
import { readPolicy } from './auth.guard.js';

/**
 * Fails the boot for a route that declares neither a permission nor @Public(), and for one that declares both: the guard would let
 * everybody in. Forgetting must not go unnoticed.
 */
@Injectable()
export class RouteCompleteness implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onApplicationBootstrap(): void {
    const undeclared: string[] = [];
    const contradictory: string[] = [];
    for (const { metatype, instance } of this.discovery.getControllers()) {
      if (!metatype || !instance) continue;
      const prototype = Object.getPrototypeOf(instance) as Record<string, unknown>;
      for (const name of this.scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name];
        if (typeof handler !== 'function') continue;
        const verb = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
        if (verb === undefined) continue;
        const policy = readPolicy(handler, metatype);
        if (policy.isPublic === (policy.permission !== undefined))
          (policy.isPublic ? contradictory : undeclared).push(`${metatype.name}.${name}`);
      }
    }
    if (undeclared.length > 0) {
      throw new StartupError(
        `These routes declare neither @RequirePermission() nor @Public(): ${undeclared.join(', ')}; declare one of them.`,
      );
    }
    if (contradictory.length > 0) {
      throw new StartupError(
        `These routes declare @RequirePermission() and, they or their controller, @Public(): ${contradictory.join(', ')}; keep one.`,
      );
    }
  }
}
