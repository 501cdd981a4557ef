import { DomainError } from '../../platform/http/domain-error.js';
import type { InputFault } from '../../platform/http/input-fault.js';
import { TABLETOP_ERROR } from '../tabletop.errors.js';

// Why a table is not rolled and a draft not made; the codes stand with those of the domain.

export const invalidTable = (faults: readonly InputFault[]): DomainError =>
  new DomainError(
    'unprocessable',
    TABLETOP_ERROR.invalidTable,
    'The table cannot be rolled as it is.',
    faults.slice(0, 20),
  );

export const invalidTableFile = (detail: string): DomainError =>
  new DomainError('unprocessable', TABLETOP_ERROR.invalidTableFile, detail, [
    { pointer: '/content', code: 'invalid', detail },
  ]);

export const invalidVariables = (detail: string): DomainError =>
  new DomainError('unprocessable', TABLETOP_ERROR.invalidVariables, 'The variables have no such values.', [
    { pointer: '/variables', code: 'invalid', detail },
  ]);

/** @param code which of the faults of a roll */
export const rollFailed = (code: string, detail: string): DomainError =>
  new DomainError('unprocessable', TABLETOP_ERROR.rollFailed, detail, [{ pointer: '', code, detail }]);

export const unknownGenerator = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownGenerator, 'There is no such generator.');

export const unknownGeneration = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownGeneration, 'There is no such draft.');

export const invalidInputs = (faults: readonly InputFault[]): DomainError =>
  new DomainError('unprocessable', TABLETOP_ERROR.invalidInputs, 'The generator does not know this.', faults);

export const generationClosed = (state: string): DomainError =>
  new DomainError('conflict', TABLETOP_ERROR.generationClosed, `The draft is ${state}.`);

export const wrongAudience = (): DomainError =>
  new DomainError(
    'unprocessable',
    TABLETOP_ERROR.wrongAudience,
    'The draft was made for game masters alone: what they know may have gone into it.',
    [{ pointer: '/visibility', code: 'invalid', detail: 'must be gm' }],
  );
