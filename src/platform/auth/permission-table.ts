import { type INestApplicationContext, RequestMethod } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { readPolicy } from './auth.guard.js';

/**
 * What every route asks of its caller, as the decorators declare it: `GET /api/v1/.../{name}` to a permission or `public`, in
 * the order of the paths. `npm run cli -- permissions` commits it as docs/permissions.json.
 */
export function permissionTable(app: INestApplicationContext): Record<string, string> {
  const scanner = new MetadataScanner();
  const found = new Map<string, string>();
  for (const { metatype, instance } of app.get(DiscoveryService, { strict: false }).getControllers()) {
    if (!metatype || !instance) continue;
    const prototype = Object.getPrototypeOf(instance) as Record<string, object>;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const handler = prototype[name]!;
      const verb = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
      if (verb === undefined) continue;
      const { isPublic, permission } = readPolicy(handler, metatype);
      for (const prefix of pathsOf(metatype))
        for (const path of pathsOf(handler))
          found.set(
            routeName(RequestMethod[verb], `${prefix}${path}`),
            isPublic ? 'public' : String(permission),
          );
    }
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (byPath(a) < byPath(b) ? -1 : 1)));
}

/** `GET /api/v1/.../{name}`, from a verb and a path of the router. */
export function routeName(verb: string, path: string): string {
  return `${verb.toUpperCase()} ${path.replace(/:(\w+)/g, '{$1}')}`;
}

function byPath(route: string): string {
  const [verb, path] = route.split(' ');
  return `${path} ${verb}`;
}

function pathsOf(target: object): string[] {
  const declared = Reflect.getMetadata(PATH_METADATA, target) as string | string[];
  return [declared].flat().map((path) => `/${path}`.replace(/^\/+/, '/').replace(/\/$/, ''));
}
