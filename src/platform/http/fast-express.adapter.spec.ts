import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  All,
  Body,
  type CanActivate,
  Controller,
  Delete,
  Get,
  Header,
  Headers,
  HostParam,
  HttpCode,
  HttpException,
  type INestApplication,
  type MessageEvent,
  Options,
  Param,
  Post,
  Put,
  Query,
  Redirect,
  RequestMethod,
  Sse,
  StreamableFile,
  UseGuards,
  Version,
  VersioningType,
} from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import type { Application, NextFunction, Request, Response } from 'express';
import { from, type Observable } from 'rxjs';
import { FastExpressAdapter, type HttpServerLimits } from './fast-express.adapter.js';
import { ROUTE_VERBS } from './route-index.js';

const LIMITS: HttpServerLimits = {
  requestTimeoutMs: 10_000,
  headersTimeoutMs: 5_000,
  keepAliveTimeoutMs: 65_000,
  maxHeaderBytes: 8_192,
};

class Locked implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

@Controller('cats')
class CatsController {
  @Get() list(@Query() query: object) {
    return [{ name: 'Grüße 🐱', query: { ...query } }];
  }
  @Get('nothing') nothing() {
    return undefined;
  }
  @Get('text') text() {
    return 'straße';
  }
  @Get('number') number() {
    return 42;
  }
  @Get('csv') @Header('Content-Type', 'text/csv') csv() {
    return 'a,b';
  }
  @Get('teapot') @Header('Content-Type', 'text/plain') @Header('Retry-After', '7') teapot() {
    throw new HttpException({ code: 'cats/teapot' }, 418);
  }
  @Get('broken') broken() {
    throw new Error('secret detail');
  }
  @Get('leak') @HttpCode(502) leak() {
    return Object.assign(new Error('secret detail'), { config: { token: 'x' } });
  }
  @Get('file') file() {
    return new StreamableFile(Buffer.from('bytes'), { type: 'text/plain', length: 5 });
  }
  @Get('away') @Redirect('/cats/home', 307) away() {}
  @Get('guarded') @UseGuards(Locked) guarded() {
    return 'never';
  }
  @Sse('events') events(): Observable<MessageEvent> {
    return from([{ data: 'one' }, { id: '2', type: 'named', data: { two: 2 } }]);
  }
  @Get('files/*path') files(@Param('path') path: string[]) {
    return { path };
  }
  @Get('optional{/:x}') optional(@Param() params: object) {
    return { ...params };
  }
  @Get('v:major.:minor') mixed(@Param() params: object) {
    return { ...params };
  }
  @All('any') any() {
    return { any: true };
  }
  @Options('asked') asked() {
    return 'options';
  }
  @Get(':id') one(@Param('id') id: string) {
    return { id };
  }
  @Get('shadowed') shadowed() {
    return 'the first declared wins, so this is never seen';
  }
  @Post() @HttpCode(202) create(@Body() body: object) {
    return { created: body };
  }
  @Put(':id') replace(@Param('id') id: string) {
    return { replaced: id };
  }
  @Delete(':id') @HttpCode(204) remove() {
    return { ignored: true };
  }
}

@Controller('versioned')
class VersionedController {
  @Get() @Version('1') first() {
    return 'v1';
  }
  @Get() @Version('2') second() {
    return 'v2';
  }
  @Get() any() {
    return 'no version';
  }
}

@Controller({ path: 'hosted', host: ':tenant.example.test' })
class HostedController {
  @Get() one(@HostParam('tenant') tenant: string) {
    return { tenant };
  }
}

@Controller('hosted')
class UnhostedController {
  @Get() one() {
    return { tenant: null };
  }
}

@Controller('health')
class HealthController {
  @Get() up() {
    return { status: 'up' };
  }
  @Get('headers') headers(@Headers('x-custom') custom: string) {
    return { custom };
  }
}

const CONTROLLERS = [
  CatsController,
  VersionedController,
  HostedController,
  UnhostedController,
  HealthController,
];

async function boot(adapter: ExpressAdapter, cors = true) {
  const built = await Test.createTestingModule({ controllers: CONTROLLERS }).compile();
  const app = built.createNestApplication(adapter, { logger: false });
  adapter.set('etag', false);
  adapter.disable('x-powered-by');
  const raw = (name: string) => (request: Request, response: Response) =>
    response.json({ name, params: request.params });
  adapter.get('/raw/before/:id', raw('before') as never);
  adapter.getInstance<Application>().get('/raw/instance/:id', raw('instance'));
  const step = (name: string) => (_request: Request, response: Response, next: NextFunction) => {
    response.append('X-Steps', name);
    next();
  };
  adapter.get('/raw/order/:id', step('route') as never);
  adapter.use('/raw/order', step('middleware'));
  adapter.get('/raw/order/:id', raw('order') as never);
  app.use((_request: Request, response: Response, next: NextFunction) => {
    response.setHeader('X-Middleware', 'ran');
    next();
  });
  if (cors) app.enableCors({ origin: 'http://app.test', credentials: true });
  app.enableVersioning({ type: VersioningType.HEADER, header: 'x-api-version' });
  app.setGlobalPrefix('api', { exclude: ['health'] });
  SwaggerModule.setup('docs', app, SwaggerModule.createDocument(app, new DocumentBuilder().build()));
  await app.init();
  adapter.get('/raw/after/:id', raw('after') as never);
  await app.listen(0, '127.0.0.1');
  return app;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

const portOf = (app: INestApplication) => (app.getHttpServer() as { address(): AddressInfo }).address().port;

/** `question` is a request line without the version; the path leaves exactly as written. */
async function ask(
  app: INestApplication,
  question: string,
  headers: object = {},
  body?: string,
): Promise<Answer> {
  const [method, path] = question.split(' ');
  const asked = httpRequest({
    host: '127.0.0.1',
    port: portOf(app),
    method,
    path,
    agent: false,
    headers: { ...headers },
  });
  asked.end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks).toString() };
}

const SECURITY = ['x-content-type-options', 'x-frame-options', 'referrer-policy', 'content-security-policy'];

/** What both adapters must agree on. */
function comparable({ status, headers, body }: Answer) {
  const kept = Object.entries(headers).filter(([name]) => ![...SECURITY, 'date'].includes(name));
  return { status, body, headers: Object.fromEntries(kept) };
}

const JSON_BODY = { 'Content-Type': 'application/json' };
const PREFLIGHT = { Origin: 'http://app.test', 'Access-Control-Request-Method': 'PUT' };

const QUESTIONS: [question: string, headers?: Record<string, string>, body?: string][] = [
  ['GET /api/cats'],
  ['GET /api/cats?q=1&q=2&a[b]=c'],
  ['GET /api/cats/7'],
  ['GET /api/cats/a%20b'],
  ['GET /api/cats/a%2Fb'],
  ['GET /api/cats/%E0'],
  ['OPTIONS /api/cats/%E0', PREFLIGHT],
  ['GET /api/cats/nothing'],
  ['GET /api/cats/text'],
  ['GET /api/cats/number'],
  ['GET /api/cats/csv'],
  ['GET /api/cats/teapot'],
  ['GET /api/cats/broken'],
  ['GET /api/cats/leak'],
  ['GET /api/cats/file'],
  ['HEAD /api/cats/file'],
  ['GET /api/cats/away'],
  ['GET /api/cats/guarded'],
  ['GET /api/cats/events'],
  ['GET /api/cats/files/a/b%20c/d'],
  ['GET /api/cats/files'],
  ['GET /api/cats/optional'],
  ['GET /api/cats/optional/5'],
  ['GET /api/cats/v1.22'],
  ['GET /api/cats/any'],
  ['PATCH /api/cats/any'],
  ['HEAD /api/cats/any'],
  ['OPTIONS /api/cats/any'],
  ['GET /api/cats/shadowed'],
  ['HEAD /api/cats/7'],
  ['POST /api/cats', JSON_BODY, '{"name":"é"}'],
  ['POST /api/cats', JSON_BODY, '{"name":'],
  ['POST /api/cats', { 'Content-Type': 'application/x-www-form-urlencoded' }, 'name=a+b'],
  ['POST /api/cats/7'],
  ['PUT /api/cats/7'],
  ['DELETE /api/cats/7'],
  ['OPTIONS /api/cats/7', PREFLIGHT],
  ['GET /api/cats', { Origin: 'http://app.test' }],
  ['GET /api/cats', { Origin: 'http://other.test' }],
  ['GET /api/versioned', { 'X-Api-Version': '1' }],
  ['GET /api/versioned', { 'X-Api-Version': '2' }],
  ['GET /api/versioned', { 'X-Api-Version': '3' }],
  ['GET /api/versioned'],
  ['GET /api/hosted', { Host: 'acme.example.test' }],
  ['GET /api/hosted', { Host: 'elsewhere.test' }],
  ['GET /health'],
  ['GET /health/headers', { 'X-Custom': 'yes' }],
  ['GET /api/health'],
  ['GET /api/none'],
  ['GET /none'],
  ['GET /'],
  ['GET /api'],
  ['GET /api/cats/'],
  ['GET /API/Cats/7'],
  ['GET //api/cats'],
  ['GET /api//cats'],
  ['GET /api/cats//'],
  ['GET /raw/before/1'],
  ['GET /raw/instance/2'],
  ['GET /raw/after/3'],
  ['POST /raw/after/3'],
  ['GET /raw/order/4'],
  ['GET /docs'],
  ['GET /docs-json'],
];

describe('FastExpressAdapter beside ExpressAdapter', () => {
  let plain: INestApplication;
  let fast: INestApplication;

  beforeAll(async () => {
    plain = await boot(new ExpressAdapter());
    fast = await boot(new FastExpressAdapter(LIMITS));
  });
  afterAll(async () => {
    await plain.close();
    await fast.close();
  });

  for (const [question, headers, body] of QUESTIONS) {
    it(`answers alike: ${question} ${JSON.stringify(headers ?? {})} ${body ?? ''}`, async () => {
      const expected = comparable(await ask(plain, question, headers, body));
      expect(comparable(await ask(fast, question, headers, body))).toEqual(expected);
    });
  }

  it('serves routes of every kind in that comparison', async () => {
    const statuses = new Set<number>();
    for (const [question, headers, body] of QUESTIONS)
      statuses.add((await ask(fast, question, headers, body)).status);
    expect([...statuses].sort()).toEqual([200, 202, 204, 307, 400, 403, 404, 418, 500, 502]);
  });

  it('differs on OPTIONS without CORS: Express says what is allowed, Nest says that nothing is there', async () => {
    const [a, b] = [
      await boot(new ExpressAdapter(), false),
      await boot(new FastExpressAdapter(LIMITS), false),
    ];
    expect((await ask(a, 'OPTIONS /api/cats/7')).status).toBe(404);
    expect(await ask(b, 'OPTIONS /api/cats/7')).toMatchObject({
      status: 200,
      headers: { allow: 'DELETE, GET, HEAD, PUT' },
    });
    expect(comparable(await ask(b, 'OPTIONS /api/cats/asked'))).toEqual(
      comparable(await ask(a, 'OPTIONS /api/cats/asked')),
    );
    await Promise.all([a.close(), b.close()]);
  });

  it('creates requests and responses with the prototypes that Express would give them', async () => {
    const shapes = async (app: INestApplication) => {
      const express = app.getHttpAdapter().getInstance() as Application & {
        request: object;
        response: object;
      };
      const seen: boolean[] = [];
      app.getHttpServer().prependOnceListener('request', (request: object, response: object) => {
        seen.push(
          Object.getPrototypeOf(request) === express.request,
          Object.getPrototypeOf(response) === express.response,
        );
      });
      await ask(app, 'GET /health');
      return seen;
    };
    expect(await shapes(fast)).toEqual([true, true]);
    expect(await shapes(plain)).toEqual([false, false]);
  });

  it('indexes every verb through which Nest registers routes', () => {
    const names = Object.values(RequestMethod).filter((name) => typeof name === 'string');
    expect([...ROUTE_VERBS].sort()).toEqual(names.map((name) => name.toLowerCase()).sort());
    const own = Object.getOwnPropertyNames(FastExpressAdapter.prototype);
    expect(own).toEqual(expect.arrayContaining([...ROUTE_VERBS]));
  });

  it('keeps all of Nest’s routes in one layer of the application', async () => {
    const layers = (app: INestApplication) =>
      (app.getHttpAdapter().getInstance() as Application).router.stack;
    expect(layers(fast).filter((layer) => layer.route?.path.startsWith('/api'))).toEqual([]);
    expect(layers(plain).filter((layer) => layer.route?.path.startsWith('/api')).length).toBeGreaterThan(20);
  });

  it('reads settings through get(), like Express', () => {
    expect((fast.getHttpAdapter() as FastExpressAdapter).get('query parser' as never)).toBe('simple');
  });
});
