import { expect } from '@jest/globals';
import type { Answer } from './api-client.js';
import { builtProblem, problem } from './wisp-models.js';

/** What a stack trace or a path of ours looks like. */
export const TRACE_OF_CODE =
  /\n\s+at |\bat \S+ \(|node_modules|[\w-]+\.[jt]s:\d+|(?:^|[\s"(])\/(?:[\w.-]+\/)*(?:src|dist)\//;

/** RFC 9457 in our house form; the codes of the answer are the caller's to check. */
export function expectProblem(answer: Answer, status: number, code?: string): void {
  expect({ status: answer.status, type: answer.headers.get('content-type'), text: answer.text }).toEqual({
    status,
    type: 'application/problem+json',
    text: expect.anything(),
  });
  expect(answer.json).toMatchObject({
    type: 'about:blank',
    title: expect.any(String),
    status,
    detail: expect.any(String),
    code: code ?? expect.stringMatching(/^[a-z-]+\/[a-z0-9-]+$/),
  });
  expect(answer.text).not.toMatch(TRACE_OF_CODE);
}

/** The shape of the original below whose mount the path is: `{error, message}` where it has none of its own. */
export function expectCompatError(answer: Answer, status: number, path = ''): void {
  expect({ status: answer.status, type: answer.headers.get('content-type') }).toEqual({
    status,
    type: 'application/json; charset=utf-8',
  });
  if (path.startsWith('/compat/wisp/api/')) problem(answer.json, path);
  else if (path.startsWith('/compat/wisp/')) builtProblem(answer.json, path);
  else expect(typeof answer.json.error).toBe('string');
  expect(answer.text).not.toMatch(TRACE_OF_CODE);
}
