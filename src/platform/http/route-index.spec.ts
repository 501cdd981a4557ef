import { describe, expect, it } from '@jest/globals';
import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import fc from 'fast-check';
import { ROUTE_VERBS, RouteIndex, type RouteVerb } from './route-index.js';

interface Registered {
  verb: RouteVerb;
  path: string;
  /** Passes the request on, as a version or host filter does. */
  passes: boolean;
}

const LINEAR = { caseSensitive: false, ignoreTrailingSlash: true };

/** Which routes saw the request with which parameters, and how it ended. */
function dispatch(handle: RequestHandler | Router, method: string, url: string): Promise<unknown[]> {
  return new Promise((resolve) => {
    const seen: unknown[] = [];
    const request = Object.assign(Object.create(express.request) as Request, {
      method,
      url,
      headers: {},
      seen,
    });
    const headers: Record<string, unknown> = {};
    const response = {
      setHeader: (name: string, value: unknown) => (headers[name] = value),
      end: () => resolve([...seen, 'options', headers['Allow']]),
      answer: () => resolve(seen),
    };
    const next = (error?: unknown) =>
      resolve([...seen, 'passed on', (error as { status?: number } | undefined)?.status]);
    void handle(request, response as unknown as Response, next as NextFunction);
  });
}

function handlerOf(route: Registered, position: number): RequestHandler {
  return (request, response, next) => {
    const { seen } = request as unknown as { seen: unknown[] };
    seen.push(
      position,
      (request.route as { path: string }).path,
      JSON.stringify(request.params),
      request.url,
    );
    if (route.passes) next();
    else (response as unknown as { answer: () => void }).answer();
  };
}

/** The same table for our index and for Express, without the patterns that either refuses. */
function register(routes: readonly Registered[], matching = LINEAR) {
  const options = { caseSensitive: matching.caseSensitive, strict: !matching.ignoreTrailingSlash };
  const linear = express.Router(options) as Router &
    Record<RouteVerb, (path: string, handler: RequestHandler) => void>;
  const index = new RouteIndex(matching);
  routes.forEach((route, position) => {
    const handler = handlerOf(route, position);
    const refusals = [
      () => linear[route.verb](route.path, handler),
      () => index.add(route.verb, route.path, [handler]),
    ].map((attempt) => {
      try {
        return void attempt();
      } catch (error) {
        return String(error);
      }
    });
    expect(refusals[1]).toBe(refusals[0]);
  });
  return { linear, index };
}

const segment = fc.constantFrom(
  'a', 'A', 'ab', 'b', 'x.json', '', 'ä', ':x', ':y', ':x.json', 'a:y', ':x-:y', 'v{:x}', '{b}', '*rest', 'a*rest', '\\:x', 'a{/:x}',
  '{:x/}b',
); // prettier-ignore
const routePath = fc
  .tuple(fc.array(segment, { maxLength: 4 }), fc.constantFrom('', '', '/', '{/:last}', '{/*tail}'))
  .map(([segments, end]) => `/${segments.join('/')}${end}`);
const route = fc.record({
  verb: fc.constantFrom<RouteVerb>('get', 'post', 'all', 'options', 'head'),
  path: routePath,
  passes: fc.boolean(),
});
const askedSegment = fc.constantFrom(
  'a',
  'A',
  'ab',
  'aB',
  'b',
  'x.json',
  'v1',
  ':x',
  '%2F',
  '%20',
  '%E0',
  'K',
  'ä',
  '',
);
const asked = fc
  .tuple(fc.array(askedSegment, { maxLength: 5 }), fc.constantFrom('', '', '/', '//', '?q=/a/b', '#a'))
  .map(([segments, end]) => `/${segments.join('/')}${end}`);
const method = fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'PUT');
const matching = fc.record({ caseSensitive: fc.boolean(), ignoreTrailingSlash: fc.boolean() });

describe('RouteIndex', () => {
  it('answers like a linear express.Router, whatever the table and the path', async () => {
    const table = fc.array(route, { minLength: 1, maxLength: 12 });
    const questions = fc.array(fc.tuple(method, asked), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(table, questions, matching, async (routes, asks, options) => {
        const { linear, index } = register(routes, options);
        for (const [verb, url] of asks) {
          expect(await dispatch(index.handle, verb, url)).toEqual(await dispatch(linear, verb, url));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('offers a route with an empty segment to a path that ends in slashes', async () => {
    const { linear, index } = register([{ verb: 'get', path: '/a//{b}/', passes: false }]);
    expect(await dispatch(index.handle, 'GET', '/a///')).toEqual(await dispatch(linear, 'GET', '/a///'));
    expect(await dispatch(linear, 'GET', '/a///')).toContain('/a//{b}/');
  });

  it('falls through every kind of pattern in declaration order', async () => {
    const routes = ['/a/:x', '/a/b', '/:x/b', '/a/*rest', '/a{/:x}', '/v{:x}/b'].map((path) => ({
      verb: 'get' as const,
      path,
      passes: true,
    }));
    const { index } = register(routes);
    const seen = await dispatch(index.handle, 'GET', '/A/b');
    expect(seen.filter((entry) => typeof entry === 'number')).toEqual([0, 1, 2, 3, 4]);
  });

  it('leaves one candidate for a literal path, however many routes there are', () => {
    const index = new RouteIndex(LINEAR);
    for (let i = 0; i < 400; i++) {
      index.add('get', `/api/v1/resource-${i % 100}/part-${Math.floor(i / 100)}`, [() => undefined]);
    }
    expect(index.candidates('/api/v1/resource-37/part-3')).toEqual([337]);
    expect(index.candidates('/API/v1/Resource-37/part-3/')).toEqual([337]);
    expect(index.candidates('/api/v1/resource-37')).toEqual([]);
  });

  it('leaves the literal and the parametric route where both can match', () => {
    const index = new RouteIndex(LINEAR);
    for (let i = 0; i < 200; i++) {
      index.add('get', `/r${i}/:id`, [() => undefined]);
      index.add('get', `/r${i}/static`, [() => undefined]);
    }
    expect(index.candidates('/r7/static')).toEqual([14, 15]);
    expect(index.candidates('/r7/other')).toEqual([14]);
  });

  it('takes arrays of paths and regular expressions, at the price of being candidates everywhere', async () => {
    const index = new RouteIndex(LINEAR);
    const answer: RequestHandler = (request, response) => {
      (request as unknown as { seen: unknown[] }).seen.push(request.params);
      (response as unknown as { answer: () => void }).answer();
    };
    index.add('get', ['/one/:a', '/two/:b'], [answer]);
    index.add('get', /^\/re\/(\d+)$/, [answer]);
    expect(await dispatch(index.handle, 'GET', '/two/2')).toEqual([{ b: '2' }]);
    expect(await dispatch(index.handle, 'GET', '/re/31')).toEqual([{ 0: '31' }]);
  });

  it('keeps a bounded number of narrowed routers and still answers', async () => {
    const routes = Array.from({ length: 50 }, (_, i) => ({
      verb: 'get' as const,
      path: `/r${i}`,
      passes: true,
    }));
    const index = new RouteIndex(LINEAR, 8);
    routes.forEach((entry, position) => index.add(entry.verb, entry.path, [handlerOf(entry, position)]));
    for (let i = 0; i < 50; i++) {
      const seen = await dispatch(index.handle, 'GET', `/r${i}`);
      expect(seen[0]).toBe(i);
      expect(index.memoSize).toBeLessThanOrEqual(8);
    }
  });

  it('sees a route that is added after the first request', async () => {
    const { index } = register([{ verb: 'get', path: '/a', passes: true }]);
    await dispatch(index.handle, 'GET', '/a');
    index.add('get', '/a', [handlerOf({ verb: 'get', path: '/a', passes: false }, 1)]);
    expect(await dispatch(index.handle, 'GET', '/a')).toEqual([0, '/a', '{}', '/a', 1, '/a', '{}', '/a']);
  });

  it('knows every verb that it lists', () => {
    const index = new RouteIndex(LINEAR);
    for (const verb of ROUTE_VERBS) index.add(verb, `/${verb}`, [() => undefined]);
    expect(ROUTE_VERBS.map((verb) => index.candidates(`/${verb}`))).toEqual(ROUTE_VERBS.map((_, i) => [i]));
  });
});
