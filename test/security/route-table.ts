import 'reflect-metadata';
import { jest } from '@jest/globals';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { ENTITIES } from '../../src/app.module.js';
import { createHttpApp } from '../../src/boot/http-app.js';
import { readPolicy } from '../../src/platform/auth/auth.guard.js';
import { parseEnvironment } from '../../src/platform/config/env.js';
import { openDatabase } from '../../src/platform/database/database.module.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import { RouteIndex } from '../../src/platform/http/route-index.js';

/** What the application serves, seen from two sides. Routes read `GET /api/v1/.../{name}`. */
export interface RouteTable {
  /** What was really registered with the router, by whatever means. */
  running: string[];
  /** What the controllers declare: a permission, or `public`. */
  permissions: Record<string, string>;
}

/** Builds the application in this process, without listening. @param databaseUrl a migrated database */
export async function listRoutes(databaseUrl: string, domains?: readonly 'market'[]): Promise<RouteTable> {
  const parsed = parseEnvironment({ NODE_ENV: 'test', DATABASE_URL: databaseUrl, LOG_LEVEL: 'silent' });
  const env = domains === undefined ? parsed : { ...parsed, domains };
  const target = { url: databaseUrl, directUrl: databaseUrl, pooler: 'none', poolMax: 2 } as const;
  const database = await openDatabase(target, ENTITIES);
  const { logger, flush } = createLogger(env);
  const added = jest.spyOn(RouteIndex.prototype, 'add');
  try {
    const app = await createHttpApp(env, database, logger);
    const running = new Set(added.mock.calls.map(([verb, path]) => routeName(verb, String(path))));
    const permissions = declared(app.get(DiscoveryService, { strict: false }), new MetadataScanner());
    await app.close();
    return { running: [...running].sort(), permissions };
  } finally {
    added.mockRestore();
    await database.close();
    flush();
  }
}

function declared(discovery: DiscoveryService, scanner: MetadataScanner): Record<string, string> {
  const permissions: Record<string, string> = {};
  for (const { metatype, instance } of discovery.getControllers()) {
    if (!metatype || !instance) continue;
    const prototype = Object.getPrototypeOf(instance) as Record<string, object>;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const handler = prototype[name]!;
      const verb = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
      if (verb === undefined) continue;
      const { isPublic, permission } = readPolicy(handler, metatype);
      for (const prefix of pathsOf(metatype)) {
        for (const path of pathsOf(handler))
          permissions[routeName(RequestMethod[verb], `${prefix}${path}`)] = isPublic
            ? 'public'
            : String(permission);
      }
    }
  }
  return permissions;
}

function pathsOf(target: object): string[] {
  const declaredPaths = Reflect.getMetadata(PATH_METADATA, target) as string | string[];
  return [declaredPaths].flat().map((path) => `/${path}`.replace(/^\/+/, '/').replace(/\/$/, ''));
}

function routeName(verb: string, path: string): string {
  return `${verb.toUpperCase()} ${path.replace(/:(\w+)/g, '{$1}')}`;
}
