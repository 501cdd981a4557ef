import type { ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  All,
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  type INestApplication,
  Post,
  Redirect,
  Req,
  Res,
  StreamableFile,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Request } from 'express';
import fc from 'fast-check';
import { conditional } from './conditional.js';
import { FastExpressAdapter } from './fast-express.adapter.js';

// On real sockets and read as bytes: a client library would hide a wrong length or a second head.

@Controller()
class AnswersController {
  @Get('json') json() {
    return { text: 'ü🐱' };
  }
  @Post('echo') @HttpCode(200) echo(@Body() body: object) {
    return body;
  }
  @Get('problem') @HttpCode(409) @Header('Content-Type', 'application/problem+json') problem() {
    return { code: 'a/b' };
  }
  @Get('late-problem') lateProblem(@Res({ passthrough: true }) response: ServerResponse) {
    response.statusCode = 422;
    response.setHeader('Content-Type', 'application/problem+json');
    return { code: 'a/c' };
  }
  @Get('mislabelled') @HttpCode(400) @Header('Content-Type', 'text/csv') mislabelled() {
    return { code: 'a/d' };
  }
  @Get('labelled') @Header('Content-Type', 'application/geo+json') labelled() {
    return { type: 'Point' };
  }
  @Get('own-policy')
  @Header('Content-Security-Policy', 'sandbox')
  @Header('X-Frame-Options', 'SAMEORIGIN')
  own() {
    return {};
  }
  @Get('bytes') @Header('Content-Type', 'application/json') bytes() {
    return Buffer.from('[1,"ü"]');
  }
  @Get('blob') blob() {
    return new Uint8Array([65, 66]);
  }
  @Get('text') text() {
    return 'ü';
  }
  @Get('away') @Redirect('/elsewhere') away() {}
  @Get('rows') rows(@Req() request: Request, @Res({ passthrough: true }) response: ServerResponse) {
    return conditional(request, response, 'W/"7"', () => [1, 2, 3]);
  }
  @Get('unprintable') unprintable() {
    return { big: 1n };
  }
  @All('any') any() {
    return {};
  }
  @Post('half-sent') halfSent() {
    const body = new PassThrough();
    body.write('streamed');
    return new StreamableFile(body);
  }
}

describe('answers of the FastExpressAdapter', () => {
  let app: INestApplication;

  beforeAll(async () => {
    const built = await Test.createTestingModule({ controllers: [AnswersController] }).compile();
    const limits = {
      requestTimeoutMs: 700,
      headersTimeoutMs: 400,
      keepAliveTimeoutMs: 5_000,
      maxHeaderBytes: 8_192,
    };
    app = built.createNestApplication(new FastExpressAdapter(limits), { logger: false });
    await app.listen(0, '127.0.0.1');
  });
  afterAll(() => app.close());

  /** Sends everything, piece by piece, before it reads: then a reset would lose the answer. Ends when the server does. */
  async function talk(...pieces: string[]) {
    const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
    const socket = connect(port, '127.0.0.1');
    const closed = new Promise((resolve) => socket.on('close', resolve));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => socket.resume());
    socket.pause();
    for (const [i, piece] of pieces.entries()) {
      if (i > 0) await setTimeout(5);
      socket.write(piece);
    }
    socket.resume();
    await closed;
    const text = Buffer.concat(chunks).toString();
    const [head = '', ...rest] = text.split('\r\n\r\n');
    const [statusLine, ...lines] = head.split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [line.split(':')[0]!.toLowerCase(), line.replace(/^[^:]*: /, '')]),
    );
    return { text, status: Number(statusLine?.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
  }

  const ask = (line: string, headers = '', body = '') =>
    talk(`${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n${body}`);

  it('are one head with length, type and protection, and the JSON', async () => {
    const { date, ...headers } = (await ask('GET /json')).headers;
    expect(Number.isNaN(Date.parse(date!))).toBe(false);
    expect(headers).toEqual({
      'content-type': 'application/json; charset=utf-8',
      'content-length': '17',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      connection: 'close',
    });
    expect((await ask('GET /json')).body).toBe('{"text":"ü🐱"}');
  });

  it('have no body for HEAD, but its length', async () => {
    const { headers, body } = await ask('HEAD /json');
    expect(headers).toMatchObject({
      'content-length': '17',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(body).toBe('');
  });

  it('have the length of their bytes, whatever the text', async () => {
    const anyJson = fc.oneof(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
      fc.array(fc.jsonValue()),
    );
    await fc.assert(
      fc.asyncProperty(anyJson, async (value) => {
        const sent = JSON.stringify(value);
        const length = Buffer.byteLength(sent);
        const { headers, body } = await ask(
          'POST /echo',
          `Content-Type: application/json\r\nContent-Length: ${length}\r\n`,
          sent,
        );
        expect(Buffer.byteLength(body)).toBe(Number(headers['content-length']));
        expect(JSON.parse(body)).toEqual(JSON.parse(sent));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['problem', 409, 'application/problem+json'],
    ['late-problem', 422, 'application/problem+json'],
    ['mislabelled', 400, 'application/json; charset=utf-8'],
    ['labelled', 200, 'application/geo+json'],
    ['unprintable', 500, 'application/json; charset=utf-8'],
  ])('of /%s are %i %s', async (path, status, type) => {
    expect(await ask(`GET /${path}`)).toMatchObject({
      status,
      headers: { 'content-type': expect.stringContaining(type) },
    });
  });

  it('keep the headers that a handler chose', async () => {
    const { headers } = await ask('GET /own-policy');
    expect(headers).toMatchObject({ 'content-security-policy': 'sandbox', 'x-frame-options': 'SAMEORIGIN' });
  });

  it('carry bytes as they are', async () => {
    expect(await ask('GET /bytes')).toMatchObject({ body: '[1,"ü"]', headers: { 'content-length': '8' } });
    const blob = await ask('GET /blob');
    expect(blob).toMatchObject({ body: 'AB', headers: { 'content-type': 'application/octet-stream' } });
  });

  it.each(['text', 'away', 'nowhere', 'json'])('protect /%s, whoever wrote it', async (path) => {
    const { headers } = await ask(`GET /${path}`);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    expect('content-security-policy' in headers).toBe(path === 'json' || path === 'nowhere');
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('etag');
  });

  it('are 304 without a body for what the client has', async () => {
    const fresh = await ask('GET /rows', 'If-None-Match: "7"\r\n');
    expect(fresh).toMatchObject({
      status: 304,
      body: '',
      headers: { etag: 'W/"7"', 'cache-control': 'private, no-cache' },
    });
    expect(fresh.headers).not.toHaveProperty('content-length');
    expect(await ask('GET /rows', 'If-None-Match: "6"\r\n')).toMatchObject({ status: 200, body: '[1,2,3]' });
  });

  it.each([
    ['a request head that stops', 'GET /json HTTP/1.1\r\nHo', 408, 'http/request-timeout'],
    [
      'a body that stops',
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"a',
      408,
      'http/request-timeout',
    ],
    [
      'headers beyond the limit',
      `GET /json HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(9_000)}\r\n\r\n`,
      431,
      'http/headers-too-large',
    ],
    ['something else than HTTP', '\x16\x03\x01\r\n\r\n', 400, 'http/malformed'],
    [
      'two lengths',
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      400,
      'http/malformed',
    ],
    ['TRACE', 'TRACE /any HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 405, 'http/method-not-allowed'],
  ])('to %s are a problem', async (_what, sent, status, code) => {
    const { headers, body, ...answer } = await talk(sent);
    expect(answer.status).toBe(status);
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json', connection: 'close' });
    expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
    expect(JSON.parse(body)).toMatchObject({
      type: 'about:blank',
      title: expect.any(String),
      status,
      detail: expect.any(String),
      code,
    });
    expect('allow' in headers).toBe(status === 405);
  });

  it('reach a client that goes on sending before it reads', async () => {
    const { status } = await talk(
      'GET /json HTTP/1.1\r\nHost: a\r\nX-Long: ',
      ...Array<string>(12).fill('x'.repeat(200_000)),
    );
    expect(status).toBe(431);
  });

  it('are cut, not followed by a second head, when the request stops after the first', async () => {
    const { text } = await talk(
      'POST /half-sent HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nab',
    );
    expect(text).toContain('streamed');
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});
