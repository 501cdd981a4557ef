import { expect } from '@jest/globals';
import { type Answer, call, type Call } from './api-client.js';
import type { Decode } from './swift-decoder.js';
import * as models from './wisp-models.js';

/** Calls of the original's documented contract, as somebody. @param who whose token it is, asked at each call */
export function wispCaller(
  base: () => string,
  who: () => { accessToken: string },
): (method: string, path: string, body?: unknown, rest?: Call) => Promise<Answer> {
  return (method, path, body, rest = {}) =>
    call(base(), method, `/compat/wisp/api/v1${path}`, {
      token: who().accessToken,
      ...(body !== undefined && { body }),
      ...rest,
    });
}

/** What an answer holds in its envelope. */
export function wispData<T>(answer: Answer, status: number, decode: Decode<T>): T {
  expect([answer.status, answer.json]).toEqual([status, expect.anything()]);
  return models.envelopeOf(decode)(answer.json, 'answer').data;
}

/** @returns names of the fields that the refusal is about */
export function wispRefusal(answer: Answer, status: number, code: string): string[] {
  expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(code)]);
  const { error } = models.problem(answer.json, 'error');
  expect(error.code).toBe(code);
  return Object.keys(error.details ?? {});
}
