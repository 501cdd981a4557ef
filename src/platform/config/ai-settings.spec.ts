import { describe, expect, it } from '@jest/globals';
import { refuseUnsafeAi } from './ai-settings.js';
import { parseEnvironment } from './env.js';

const ON = { AI_ENABLED: 'true', VLLM_API_URL: 'http://127.0.0.1:8001' };

describe('the model', () => {
  it('is not asked unless it is switched on', () => {
    expect(parseEnvironment({}).ai).toBeUndefined();
    expect(parseEnvironment({ ...ON, AI_ENABLED: 'false' }).ai).toBeUndefined();
    expect(parseEnvironment({ VLLM_API_URL: ON.VLLM_API_URL }).ai).toBeUndefined();
  });

  it.each([
    ['http://127.0.0.1:8001', 'http://127.0.0.1:8001/v1'],
    ['http://127.0.0.1:8001/v1/', 'http://127.0.0.1:8001/v1'],
    ['https://gateway.example/v1beta/openai', 'https://gateway.example/v1beta/openai'],
    ['https://gateway.example/v1/chat/completions?a=b', 'https://gateway.example/v1'],
  ])('at %s is called below %s', (given, baseUrl) => {
    expect(parseEnvironment({ ...ON, VLLM_API_URL: given }).ai).toEqual({
      baseUrl,
      apiKey: undefined,
      model: undefined,
      embeddingModel: undefined,
    });
  });

  it.each([
    [{ AI_ENABLED: 'true' }, /AI_ENABLED needs VLLM_API_URL/],
    [{ AI_ENABLED: 'perhaps' }, /AI_ENABLED/],
    [{ ...ON, VLLM_API_URL: 'ftp://127.0.0.1' }, /VLLM_API_URL/],
    [{ ...ON, AI_API_KEY: 'hush hush' }, /AI_API_KEY/],
    [{ ...ON, AI_MODEL: 'a b' }, /AI_MODEL/],
  ])('is refused in one sentence that names the fault: %j', (variables, sentence) => {
    const parse = (): unknown => parseEnvironment(variables);
    expect(parse).toThrow(sentence);
    expect(parse).not.toThrow(/hush/);
  });

  it.each([
    ['http://127.0.0.1:8001', true],
    ['http://[::1]:8001', true],
    ['http://192.168.1.20:8001', true],
    ['http://10.0.0.7', true],
    ['http://vllm:8000', true],
    ['http://gpu.lan:8000', true],
    ['http://models.ai.svc.cluster.local', true],
    ['https://api.example.com', true],
    ['http://api.example.com', false],
    ['http://93.184.216.34', false],
    ['http://[2606:4700::1111]', false],
    ['http://internal.example.com', false],
  ])('at %s may be called in production: %s', (baseUrl, isSafe) => {
    const judge = (): void =>
      refuseUnsafeAi({ baseUrl, apiKey: undefined, model: undefined, embeddingModel: undefined });
    if (isSafe) judge();
    else expect(judge).toThrow(/https:/);
  });
});
