import { describe, expect, it } from '@jest/globals';
import {
  BadRequestException,
  ForbiddenException,
  InternalServerErrorException,
  NotFoundException,
} from '@nestjs/common';
import { DatabaseError } from 'pg';
import { AuthError } from '../auth/auth.errors.js';
import { DatabaseUnavailableError } from '../database/database.errors.js';
import { DomainError, type DomainErrorKind } from './domain-error.js';
import { HTTP_ERROR, problem, toProblem } from './problem.js';

const SECRET = 'postgres://guildhall:secret@10.0.0.7/db';

function serverError(code: string): DatabaseError {
  return Object.assign(new DatabaseError(`text of ${SECRET}`, 1, 'error'), { code });
}

function middlewareError(status: unknown, type?: string): Error {
  return Object.assign(new Error(`unexpected token in ${SECRET}`), { status, type });
}

describe('toProblem', () => {
  it.each<[DomainErrorKind, number, string]>([
    ['malformed', 400, 'Malformed request'],
    ['notFound', 404, 'Not found'],
    ['gone', 410, 'Gone'],
    ['conflict', 409, 'Conflict'],
    ['stale', 412, 'Precondition failed'],
    ['tooLarge', 413, 'Too large'],
    ['unprocessable', 422, 'Cannot be processed'],
    ['overloaded', 503, 'Unavailable'],
  ])('answers a domain error of kind %s with %i', (kind, status, title) => {
    const fault = { pointer: '/a', code: 'custom', detail: 'no' };
    expect(toProblem(new DomainError(kind, 'market/some-code', 'In words.', [fault]))).toMatchObject({
      type: 'about:blank',
      title,
      status,
      detail: 'In words.',
      code: 'market/some-code',
      errors: [fault],
    });
  });

  it('leaves out an empty list of faults', () => {
    expect(toProblem(new DomainError('conflict', 'a/b', 'c'))).not.toHaveProperty('errors');
    expect(problem(400, 'a/b', 'c', [])).not.toHaveProperty('errors');
  });

  it.each<[string, unknown, number, string]>([
    ['an overload', new DomainError('overloaded', 'market/lane-full', 'Later.'), 503, 'market/lane-full'],
    ['a database that is away', new DatabaseUnavailableError(SECRET), 503, HTTP_ERROR.databaseUnavailable],
    ['a statement that took too long', serverError('57014'), 503, HTTP_ERROR.tooSlow],
  ])('says when to come again after %s', (_what, error, status, code) => {
    expect(toProblem(error)).toMatchObject({ status, code, retryAfterS: expect.any(Number) });
  });

  it.each<[string, unknown, number, string]>([
    ['no token', new AuthError('missingToken'), 401, 'auth/missing-token'],
    ['a wrong token', new AuthError('invalidToken'), 401, 'auth/invalid-token'],
    ['a right that is missing', new AuthError('forbidden'), 403, 'auth/forbidden'],
    ['a route that does not exist', new NotFoundException('Cannot GET /x'), 404, HTTP_ERROR.notFound],
    ['a parameter that a pipe refused', new BadRequestException('no'), 400, HTTP_ERROR.malformed],
    ['a status without a code of its own', new ForbiddenException('no'), 403, HTTP_ERROR.malformed],
    ['a body that is no JSON', middlewareError(400, 'entity.parse.failed'), 400, HTTP_ERROR.malformed],
    ['a body that is too large', middlewareError(413, 'entity.too.large'), 413, HTTP_ERROR.tooLarge],
    [
      'an unknown encoding',
      middlewareError(415, 'encoding.unsupported'),
      415,
      HTTP_ERROR.unsupportedMediaType,
    ],
    ['a URL that cannot be decoded', new URIError('URI malformed'), 400, HTTP_ERROR.malformed],
    ['an instant that PostgreSQL cannot hold', serverError('22008'), 400, HTTP_ERROR.malformed],
    ['a text that PostgreSQL cannot read', serverError('22021'), 400, HTTP_ERROR.malformed],
  ])('answers %s', (_what, error, status, code) => {
    expect(toProblem(error)).toMatchObject({
      status,
      code,
      title: expect.stringMatching(/\w/),
      detail: expect.stringMatching(/\w/),
    });
  });

  it.each<[string, unknown]>([
    ['an error of ours', new TypeError(`cannot read ${SECRET}`)],
    ['a statement that is wrong', serverError('42601')],
    ['an exception of Nest', new InternalServerErrorException(SECRET)],
    ['middleware with a status of 500', middlewareError(500)],
    ['middleware with no status', middlewareError('400')],
    ['a text', SECRET],
    ['nothing', undefined],
    ['null', null],
    ['an object with a status', { status: 404, message: SECRET }],
  ])('tells nothing of %s', (_what, error) => {
    expect(toProblem(error)).toEqual({
      type: 'about:blank',
      title: 'Internal error',
      status: 500,
      detail: 'Something went wrong on our side.',
      code: HTTP_ERROR.internal,
    });
  });

  it.each<[string, unknown]>([
    ['middleware', middlewareError(400, 'entity.parse.failed')],
    ['middleware of an unknown kind', middlewareError(418, 'teapot')],
    ['a database that is away', new DatabaseUnavailableError(SECRET)],
    ['the database', serverError('57014')],
    ['the database about a value', serverError('22P02')],
  ])('does not pass on the words of %s', (_what, error) => {
    expect(JSON.stringify(toProblem(error))).not.toContain('secret');
  });
});

describe('HTTP_ERROR', () => {
  it('has codes of one form, each once', () => {
    const codes = Object.values(HTTP_ERROR);
    for (const code of codes) expect(code).toMatch(/^http\/[a-z]+(-[a-z]+)*$/);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
