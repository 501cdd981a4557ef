import type { Readable } from 'node:stream';
import { DomainError, type DomainErrorKind } from '../../http/domain-error.js';
import type { FileRefusal } from '../../storage/storage.errors.js';
import { OPERATIONS_ERROR } from '../operations.errors.js';

const REFUSALS: Record<FileRefusal, [DomainErrorKind, string, string]> = {
  'too-large': ['tooLarge', OPERATIONS_ERROR.fileTooLarge, 'The file is larger than its purpose allows.'],
  'wrong-type': [
    'unsupported',
    OPERATIONS_ERROR.fileTypeRefused,
    'What the file is, by its content, is not taken for this purpose.',
  ],
  'not-a-picture': [
    'unprocessable',
    OPERATIONS_ERROR.fileUnreadable,
    'The picture cannot be decoded to its end.',
  ],
  'too-many-pixels': ['unprocessable', OPERATIONS_ERROR.fileUnreadable, 'The picture has too many pixels.'],
  empty: ['unprocessable', OPERATIONS_ERROR.fileUnreadable, 'The file is empty.'],
  interrupted: ['malformed', OPERATIONS_ERROR.fileUnreadable, 'The file did not arrive completely.'],
  'quota-used-up': [
    'conflict',
    OPERATIONS_ERROR.fileQuotaUsedUp,
    'The files of the account would be too many bytes; delete some first.',
  ],
  busy: ['overloaded', OPERATIONS_ERROR.storageUnavailable, 'Too many uploads at once; try again.'],
  'disk-full': ['overloaded', OPERATIONS_ERROR.storageUnavailable, 'There is no room for the file now.'],
};

/** @throws DomainError for a body that a parser has read @param source a request */
export function assertBytes(source: Readable): void {
  if (!source.readableEnded) return;
  throw new DomainError(
    'unsupported',
    OPERATIONS_ERROR.fileNotSentAsBytes,
    'Send the bytes with Content-Type application/octet-stream or image/*.',
  );
}

export function fileRefused(reason: FileRefusal): DomainError {
  return new DomainError(...REFUSALS[reason]);
}
