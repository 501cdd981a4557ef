import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

// Addresses of documentation (RFC 5737, RFC 3849) and names of examples: if the refusal did not work, nobody would be called either.
const TRIES = `
  const net = require('node:net');
  const told = {};
  const tell = (what) => (error) => { told[what] = error?.code ?? 'passed'; };
  net.connect(80, '198.51.100.1').on('error', tell('tcp'));
  net.connect(80, '2001:db8::1').on('error', tell('tcp6'));
  fetch('http://guildhall.example/').catch((error) => tell('fetch')(error.cause));
  require('node:dns').promises.resolve4('guildhall.example').catch(tell('resolve'));
  const udp = require('node:dgram').createSocket('udp4');
  udp.send('x', 53, '198.51.100.53', (error) => { tell('udp')(error); udp.close(); });
  const child = 'require("node:net").connect(81, "198.51.100.2").on("error", ({ code }) => process.stdout.write(code))';
  require('node:child_process').execFile(process.execPath, ['-e', child], { env: {} }, (_, out) => { told.child = out; });
  const home = net.createServer((socket) => socket.end('hi')).listen(0, '127.0.0.1', () =>
    net.connect(home.address().port, 'localhost').on('data', () => { told.home = 'passed'; home.close(); }));
  process.on('exit', () => process.stdout.write(JSON.stringify(told)));
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-outbound-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a process of the tests', () => {
  it('reaches this machine and no other, nor do its children, and each attempt is written down', () => {
    const source = readFileSync('test/support/refuse-outbound.mjs', 'utf8');
    const file = join(folder, 'attempts.jsonl');
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', TRIES], {
      encoding: 'utf8',
      env: {
        NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(source)}`,
        GUILDHALL_TEST_OUTBOUND: file,
      },
    });
    expect([stderr, JSON.parse(stdout) as object]).toEqual([
      '',
      {
        tcp: 'ECONNREFUSED',
        tcp6: 'ECONNREFUSED',
        fetch: 'ENOTFOUND',
        resolve: 'ENOTFOUND',
        udp: 'ECONNREFUSED',
        child: 'ECONNREFUSED',
        home: 'passed',
      },
    ]);
    const attempts = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { what: string; target: string });
    expect(attempts.map(({ what, target }) => `${what} ${target}`).sort()).toEqual([
      'connect 198.51.100.1:80',
      'connect 198.51.100.2:81',
      'connect6 2001:db8::1:80',
      'lookup guildhall.example',
      'resolve4 guildhall.example',
      'send 198.51.100.53:53',
    ]);
  });
});
