import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { generate } from 'selfsigned';
import { FastExpressAdapter } from './fast-express.adapter.js';

@Module({})
class EmptyModule {}

const LIMITS = {
  requestTimeoutMs: 60_000,
  headersTimeoutMs: 200,
  keepAliveTimeoutMs: 60_000,
  maxHeaderBytes: 8_192,
};

describe('FastExpressAdapter with TLS', () => {
  it('does not wait for a handshake longer than for headers', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
      keyType: 'ec',
    });
    const app = await NestFactory.create(EmptyModule, new FastExpressAdapter(LIMITS), {
      logger: false,
      httpsOptions: { key, cert },
    });
    await app.listen(0, '127.0.0.1');
    const silent = connect((app.getHttpServer().address() as AddressInfo).port, '127.0.0.1');
    silent.on('error', () => undefined).resume();
    expect(await once(silent, 'close')).toEqual([false]); // without an error
    await app.close();
  });
});
