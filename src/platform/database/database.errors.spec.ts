import { describe, expect, it } from '@jest/globals';
import { DatabaseError } from 'pg';
import { DatabaseUnavailableError, sqlState, translateDatabaseError } from './database.errors.js';

function serverError(code: string, message = 'the server said so'): DatabaseError {
  return Object.assign(new DatabaseError(message, message.length, 'error'), { code });
}

function systemError(code: string): Error {
  return Object.assign(new Error(`read ${code}`), { code });
}

describe('translateDatabaseError', () => {
  it.each([
    ['a connection that failed', serverError('08006')],
    ['a server that shuts down', serverError('57P01')],
    ['a server that starts', serverError('57P03')],
    ['too many connections', serverError('53300')],
    ['a full disk', serverError('53100')],
    ['a disk that fails', serverError('58030')],
    ['a statement that a neighbour failed to prepare', serverError('26000')],
    ['a statement that two prepared at once', serverError('42P05')],
    ['a refused connection', systemError('ECONNREFUSED')],
    ['a reset connection', systemError('ECONNRESET')],
    ['a broken pipe, whose code looks like a SQLSTATE', systemError('EPIPE')],
    ['a write to a connection just cut', systemError('ERR_STREAM_DESTROYED')],
    ['both addresses of a name refused', Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })],
    ['a connection that ended', new Error('Connection terminated unexpectedly')],
    ['no connection in time, told by a client', new Error('timeout expired')],
    ['no connection in time, told by the pool', new Error('timeout exceeded when trying to connect')],
    ['no answer in time', new Error('Query read timeout')],
    [
      'a client that lost its connection',
      new Error('Client has encountered a connection error and is not queryable'),
    ],
    ['a client that was closed', new Error('Client was closed and is not queryable')],
    ['a pool that was closed', new Error('Cannot use a pool after calling end on the pool')],
  ])('calls %s unavailable and keeps the cause', (_what, error) => {
    const translated = translateDatabaseError(error);
    expect(translated).toBeInstanceOf(DatabaseUnavailableError);
    expect((translated as Error).cause).toBe(error);
  });

  it.each([
    ['a cancelled statement', serverError('57014')],
    ['a unique violation', serverError('23505')],
    ['a foreign key violation', serverError('23503')],
    ['a deadlock', serverError('40P01')],
    ['a refusal by row-level security', serverError('42501')],
    [
      'a server error whose text only sounds alike',
      serverError('22P02', 'Connection terminated is no number'),
    ],
    ['a bug of ours', new TypeError('undefined is not a function')],
    ['no error at all', 'Connection terminated'],
    ['nothing', undefined],
  ])('passes %s unchanged', (_what, error) => {
    expect(translateDatabaseError(error)).toBe(error);
  });

  it('translates once', () => {
    const first = translateDatabaseError(systemError('EPIPE'));
    expect(translateDatabaseError(first)).toBe(first);
  });
});

describe('sqlState', () => {
  it('is the code of a server error and of nothing else', () => {
    expect(sqlState(serverError('23505'))).toBe('23505');
    expect(sqlState(systemError('EPIPE'))).toBeUndefined();
    expect(sqlState({ code: '23505' })).toBeUndefined();
    expect(sqlState(null)).toBeUndefined();
  });
});
