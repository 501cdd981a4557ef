// Keeps a process of the tests on this machine: whatever it would connect or send to elsewhere, or ask a name server, is refused as by
// a network that is not there, and written down, one line of JSON each, in the file GUILDHALL_TEST_OUTBOUND. Processes of Node.js that it
// starts do the same, whatever environment they are given. scripts/check.mjs starts the tests so and looks into the file at the end; loaded
// as a data: URL, so that no process needs the rights to read this file.
//
// It sits below everything that speaks: net, tls, http, undici, pg and ioredis connect by one class of libuv's handles, datagrams
// by another, and names go through node:dns. Other programs (PostgreSQL, Redis, Chromium) and worker threads are not seen from here.
import childProcess from 'node:child_process';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isIP } from 'node:net';
import { constants, hostname, networkInterfaces } from 'node:os';
import process from 'node:process';

const { GUILDHALL_TEST_OUTBOUND: file = '', NODE_OPTIONS: options = '' } = process.env;
const append = appendFileSync;
const own = new Set(
  Object.values(networkInterfaces())
    .flat()
    .map((face) => face.address),
);

/** Packets to these do not leave the machine. */
function isHere(address) {
  const plain = String(address)
    .replace(/^::ffff:/i, '')
    .replace(/%.*$/, '');
  return /^127\./.test(plain) || ['::1', '::', '0.0.0.0', ''].includes(plain) || own.has(plain);
}

/** Names that never are (RFC 6761): asking for one is no attempt to reach anybody, and has no answer. */
const isNever = (name) => /(?:^|\.)invalid\.?$/i.test(name);

/** Where hooks of the tests lead, which have to have a public name: looked up when the product calls them, refused like all, told apart. */
const HOOKS = 'hook.example.org';

/** Answered without a name server. */
function isNameHere(name) {
  return !name || isIP(name) !== 0 || /^(?:.+\.)?localhost\.?$/i.test(name) || name === hostname();
}

function note(what, target) {
  const stack = (new Error().stack ?? '').split('\n').slice(3);
  const from = stack.filter((line) => !/\(?node:|node_modules/.test(line)).slice(0, 3);
  const line = {
    what,
    target,
    ...(target === HOOKS && { isMeant: true }),
    process: process.argv.slice(1, 3).join(' '),
    from: from.map((at) => at.trim()),
  };
  append(file, `${JSON.stringify(line)}\n`);
}

// Handles: the address is one by now, names have been looked up.
const { TCP } = process.binding('tcp_wrap');
const { UDP } = process.binding('udp_wrap');
const refused = -constants.errno.ECONNREFUSED;

/** @param at which argument is the address; the port stands before it or behind it */
function refuse(handle, method, at, portAt) {
  const original = handle[method];
  handle[method] = function (...args) {
    // A datagram of a connected socket names no address: connecting was seen.
    if (typeof args[at] !== 'string' || isHere(args[at])) return original.apply(this, args);
    note(method, `${args[at]}:${args[portAt]}`);
    return refused;
  };
}
refuse(TCP.prototype, 'connect', 1, 2);
refuse(TCP.prototype, 'connect6', 1, 2);
refuse(UDP.prototype, 'connect', 0, 1);
refuse(UDP.prototype, 'connect6', 0, 1);
refuse(UDP.prototype, 'send', 4, 3);
refuse(UDP.prototype, 'send6', 4, 3);

// Names.
function unknownName(call, name) {
  if (!isNever(name)) note(call, name);
  return Object.assign(new Error(`${call} ENOTFOUND ${name}`), {
    code: 'ENOTFOUND',
    syscall: call,
    hostname: name,
  });
}
const CALLS = ['lookup', ...Object.keys(dns).filter((name) => /^resolve[A-Z\d]*/.test(name)), 'reverse'];
for (const call of CALLS) {
  const { [call]: original } = dns;
  const { [call]: promised } = dns.promises;
  dns[call] = (name, ...rest) => {
    if (isNameHere(name) && call !== 'reverse') return original(name, ...rest);
    const answer = rest.at(-1);
    process.nextTick(answer, unknownName(call, name));
    return {};
  };
  dns.promises[call] = (name, ...rest) =>
    isNameHere(name) && call !== 'reverse'
      ? promised(name, ...rest)
      : Promise.reject(unknownName(call, name));
}

// Children that are given an environment without this.
function withSelf(pairs) {
  const given = new Set(pairs.map((pair) => pair.slice(0, pair.indexOf('='))));
  const missing = [
    ['GUILDHALL_TEST_OUTBOUND', file],
    ['NODE_OPTIONS', options],
  ];
  return [...pairs, ...missing.flatMap(([name, value]) => (given.has(name) ? [] : [`${name}=${value}`]))];
}
const { spawn } = childProcess.ChildProcess.prototype;
childProcess.ChildProcess.prototype.spawn = function (settings) {
  if (Array.isArray(settings?.envPairs)) settings.envPairs = withSelf(settings.envPairs);
  return spawn.call(this, settings);
};
for (const name of ['spawnSync', 'execFileSync', 'execSync']) {
  const { [name]: original } = childProcess;
  childProcess[name] = (...args) => {
    const settings = args.at(-1);
    if (typeof settings === 'object' && settings !== null && !Array.isArray(settings) && settings.env) {
      const env = { GUILDHALL_TEST_OUTBOUND: file, NODE_OPTIONS: options, ...settings.env };
      args[args.length - 1] = { ...settings, env };
    }
    return original(...args);
  };
}
syncBuiltinESMExports();
