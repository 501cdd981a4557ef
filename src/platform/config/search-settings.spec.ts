import { describe, expect, it } from '@jest/globals';
import { parseEnvironment } from './env.js';
import { refuseUnsafeSearchServer } from './search-settings.js';

describe('the search server', () => {
  it('is none unless it is configured', () => {
    expect(parseEnvironment({}).searchServer).toBeUndefined();
  });

  it.each([
    ['http://127.0.0.1:9200', 'http://127.0.0.1:9200', undefined],
    ['https://search.example/prefix/?pretty#x', 'https://search.example/prefix', undefined],
    ['https://elastic:a%3Ab@search.example:9200', 'https://search.example:9200', 'Basic ZWxhc3RpYzphOmI='],
  ])('at %s is called at %s', (given, baseUrl, authorization) => {
    expect(parseEnvironment({ ELASTICSEARCH_URL: given }).searchServer).toEqual({ baseUrl, authorization });
  });

  it.each([
    'ftp://elastic:hushhush@search.example',
    'https://elastic:hushhush%@search.example',
    'https://:hushhush@search.example',
  ])('is refused in one sentence that tells no password: %s', (given) => {
    const parse = (): unknown => parseEnvironment({ ELASTICSEARCH_URL: given });
    expect(parse).toThrow(/ELASTICSEARCH_URL/);
    expect(parse).not.toThrow(/hush/);
  });

  it.each([
    ['http://127.0.0.1:9200', true],
    ['http://opensearch:9200', true],
    ['https://search.example', true],
    ['http://search.example', false],
  ])('at %s in production: %s', (baseUrl, isFine) => {
    const check = expect(() => refuseUnsafeSearchServer({ baseUrl, authorization: undefined }));
    if (isFine) check.not.toThrow();
    else check.toThrow(/ELASTICSEARCH_URL must be an https/);
  });
});
