import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  type INestApplication,
  type NestApplicationOptions,
  StreamableFile,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { FastExpressAdapter } from './fast-express.adapter.js';

function newGate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

async function boot(options: NestApplicationOptions = {}) {
  const gates = { answer: newGate(), stream: newGate() };

  @Controller()
  class SlowController {
    @Get('quick') quick() {
      return { quick: true };
    }
    @Get('answer') async answer() {
      await gates.answer.opened;
      return { done: true };
    }
    @Get('stream') stream() {
      const body = new PassThrough();
      body.write('first ');
      void gates.stream.opened.then(() => body.end('last'));
      return new StreamableFile(body);
    }
  }

  const built = await Test.createTestingModule({ controllers: [SlowController] }).compile();
  const limits = {
    requestTimeoutMs: 60_000,
    headersTimeoutMs: 60_000,
    keepAliveTimeoutMs: 60_000,
    maxHeaderBytes: 8_192,
  };
  const adapter = new FastExpressAdapter(limits);
  const app = built.createNestApplication(adapter, { logger: false, ...options });
  await app.listen(0, '127.0.0.1');
  return { app, adapter, gates };
}

/** A raw client; `ended` is what it received until the server hung up. */
async function client(app: INestApplication, sent: string) {
  const server = app.getHttpServer() as NodeJS.EventEmitter & { address(): AddressInfo };
  const accepted = once(server, 'connection');
  const socket = connect(server.address().port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
  const ended = once(socket, 'close').then(() => received);
  await accepted;
  socket.write(sent);
  const receives = async (text: string) => {
    while (!received.includes(text)) await once(socket, 'data');
  };
  return { ended, receives };
}

/** A client whose request the application has begun to answer. */
async function asking(app: INestApplication, path: string) {
  const arrived = once(app.getHttpServer() as NodeJS.EventEmitter, 'request');
  const asked = await client(app, `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
  await arrived;
  return asked;
}

describe('FastExpressAdapter when it closes', () => {
  it('finishes what is in flight, hangs up on the rest, and then resolves', async () => {
    const { app, gates } = await boot();
    const silent = await client(app, '');
    const half = await client(app, 'GET /quick HTTP/1.1\r\nHo');
    const idle = await asking(app, '/quick');
    await idle.receives('quick');
    const streaming = await asking(app, '/stream');
    await streaming.receives('first');
    const waiting = await asking(app, '/answer');

    const closed = app.close();
    expect(await silent.ended).toBe('');
    expect(await half.ended).toBe('');
    expect(await idle.ended).toContain('Connection: keep-alive');
    gates.answer.open();
    expect(await waiting.ended).toMatch(/Connection: close[^]*\{"done":true\}$/);
    gates.stream.open();
    expect(await streaming.ended).toContain('last');
    await closed;
  });

  it('still serves between the first signal and the end, and announces the close', async () => {
    const { app, adapter } = await boot();
    adapter.beforeClose();
    expect(await (await asking(app, '/quick')).ended).toMatch(
      /200 OK[^]*Connection: close[^]*\{"quick":true\}$/,
    );
    await app.close();
  });

  it('refuses new requests and cuts the open ones when Nest is told so', async () => {
    const { app, adapter } = await boot({ return503OnClosing: true, forceCloseConnections: true });
    const waiting = await asking(app, '/answer');
    adapter.beforeClose();
    expect(await (await asking(app, '/quick')).ended).toMatch(
      /503 Service Unavailable[^]*http\/shutting-down/,
    );
    await app.close();
    expect(await waiting.ended).toBe('');
  });
});
