import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { conditional, matchesEtag, NOT_MODIFIED } from './conditional.js';

const opaque = fc.stringMatching(/^[!#-~]{0,12}$/).map((text) => `"${text}"`);
const etag = fc.tuple(fc.constantFrom('', 'W/'), opaque).map((parts) => parts.join(''));
const separator = fc.constantFrom(',', ', ', ' , ', ',\t');

const strong = (tag: string) => tag.replace(/^W\//, '');

function exchange(ifNoneMatch?: string) {
  const request = new IncomingMessage(new Socket());
  request.method = 'GET';
  if (ifNoneMatch !== undefined) request.headers['if-none-match'] = ifNoneMatch;
  return { request, response: new ServerResponse(request) };
}

describe('matchesEtag', () => {
  it('finds a tag in a list exactly when an equal one is there, weak or strong', () => {
    fc.assert(
      fc.property(fc.array(etag, { maxLength: 6 }), etag, separator, (held, wanted, comma) => {
        expect(matchesEtag(held.join(comma), wanted)).toBe(held.map(strong).includes(strong(wanted)));
      }),
    );
  });

  it('takes a list that holds the tag, at any place', () => {
    fc.assert(
      fc.property(fc.array(etag), etag, fc.array(etag), separator, (before, wanted, after, comma) => {
        expect(matchesEtag([...before, wanted, ...after].join(comma), wanted)).toBe(true);
      }),
    );
  });

  it.each([
    [undefined, false],
    ['', false],
    ['*', true],
    [' * ', true],
    ['"a"', true],
    ['W/"a"', true],
    ['a', false],
    ['"A"', false],
    ['"*"', false],
    ['"b", W/"a"', true],
    ['"b,a"', false],
    ['"a', false],
  ])('%j names W/"a": %j', (header, expected) => {
    expect(matchesEtag(header, 'W/"a"')).toBe(expected);
  });

  it('survives anything a client sends', () => {
    fc.assert(
      fc.property(fc.string(), etag, (header, wanted) => typeof matchesEtag(header, wanted) === 'boolean'),
    );
  });
});

describe('conditional', () => {
  it('gives the loaded rows, their tag and who may keep them', async () => {
    const { request, response } = exchange('"old"');
    expect(await conditional(request, response, 'W/"new"', () => [1, 2])).toEqual([1, 2]);
    expect({ ...response.getHeaders() }).toEqual({
      etag: 'W/"new"',
      vary: 'Authorization',
      'cache-control': 'private, no-cache',
    });
  });

  it('loads nothing for a client that holds the tag', async () => {
    const { request, response } = exchange('W/"new"');
    let loads = 0;
    expect(await conditional(request, response, 'W/"new"', () => (loads += 1))).toBe(NOT_MODIFIED);
    expect(loads).toBe(0);
    expect(response.getHeader('ETag')).toBe('W/"new"');
    expect(response.getHeader('Cache-Control')).toBe('private, no-cache');
  });

  it('keeps the Vary of CORS', async () => {
    const { request, response } = exchange();
    response.setHeader('Vary', 'Origin');
    await conditional(request, response, '"1"', () => Promise.resolve('rows'));
    expect(response.getHeader('Vary')).toBe('Origin, Authorization');
  });

  it('leaves no tag on an answer that could not be loaded', async () => {
    const { request, response } = exchange('"old"');
    const failing = conditional(request, response, '"new"', () => Promise.reject(new Error('no database')));
    await expect(failing).rejects.toThrow('no database');
    expect(response.getHeaderNames()).toEqual([]);
  });
});
