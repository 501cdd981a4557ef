import { Injectable, type PipeTransform } from '@nestjs/common';
import { DomainError } from './domain-error.js';
import { HTTP_ERROR } from './problem.js';

/** An id of a high-volume row in a path: as PathIdPipe, up to what a JSON number holds exactly. */
@Injectable()
export class PathLongIdPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    const id = /^[1-9]\d{0,15}$/.test(value) ? Number(value) : Number.NaN;
    if (!Number.isSafeInteger(id))
      throw new DomainError('notFound', HTTP_ERROR.notFound, 'There is no such id.');
    return id;
  }
}
