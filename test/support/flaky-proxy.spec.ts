import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { FlakyProxy } from './flaky-proxy.js';
import { waitUntil } from './wait-until.js';

/** What the chaos tests rest on: that the network misbehaves as they say. */
describe('the flaky proxy', () => {
  let echo: Server;
  let proxy: FlakyProxy;
  const clients: Socket[] = [];

  beforeEach(async () => {
    echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    proxy = await FlakyProxy.before(`tcp://127.0.0.1:${(echo.address() as AddressInfo).port}`);
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await proxy.close();
    await new Promise((resolve) => echo.close(resolve));
  });

  const open = () => {
    const { port } = new URL(proxy.urlOf('tcp://anywhere:1'));
    const client = connect({ host: '127.0.0.1', port: Number(port) });
    clients.push(client);
    const seen = { text: '', error: '', isClosed: false, isConnected: false };
    client.on('connect', () => (seen.isConnected = true));
    client.on('data', (bytes) => (seen.text += bytes.toString()));
    client.on('error', (error: NodeJS.ErrnoException) => (seen.error = error.code ?? ''));
    client.on('close', () => (seen.isClosed = true));
    return { client, seen };
  };
  const until = (what: string, probe: () => boolean) => waitUntil(what, 2_000, probe);

  it('passes bytes on', async () => {
    const { client, seen } = open();
    client.write('hello');
    await until('the echo', () => seen.text === 'hello');
  });

  it('refuses, resets what is open, and comes back on the same port', async () => {
    const { seen } = open();
    await until('a connection', () => seen.isConnected && proxy.connectionCount === 1);
    await proxy.become('refusing');
    await until('a reset', () => seen.isClosed);
    expect(seen.error).toBe('ECONNRESET');
    const refused = open();
    await until('a refusal', () => refused.seen.isClosed);
    expect(refused.seen.error).toBe('ECONNREFUSED');
    await proxy.become('passing');
    const healed = open();
    healed.client.write('again');
    await until('the echo', () => healed.seen.text === 'again');
  });

  it('accepts and swallows when half open; what was swallowed stays lost', async () => {
    const { client, seen } = open();
    client.write('a');
    await until('the echo', () => seen.text === 'a');
    await proxy.become('halfOpen');
    client.write('b');
    const fresh = open();
    fresh.client.write('c');
    await until('all bytes', () => fresh.seen.isConnected && proxy.bytesFromClients === 2);
    await proxy.become('passing');
    client.write('d');
    const healed = open();
    healed.client.write('e');
    await until('the echo', () => healed.seen.text === 'e');
    expect({ old: seen.text, fresh: fresh.seen.text, isClosed: seen.isClosed }).toEqual({
      old: 'a',
      fresh: '',
      isClosed: false,
    });
  });

  it('holds bytes back and lets them go in order', async () => {
    const { client, seen } = open();
    await proxy.become('holding');
    client.write('1');
    client.write('2');
    await until('the bytes', () => proxy.bytesFromClients === 2);
    expect(seen.text).toBe('');
    await proxy.become('passing');
    client.write('3');
    await until('the echo', () => seen.text === '123');
  });
});
