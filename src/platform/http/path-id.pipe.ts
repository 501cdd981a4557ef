import { Injectable, type PipeTransform } from '@nestjs/common';
import { DomainError } from './domain-error.js';
import { HTTP_ERROR } from './problem.js';

const MAX_INT4 = 2_147_483_647;

/** An integer id in a path. What cannot be an id names nothing, so it is missing like any other id: 404. */
@Injectable()
export class PathIdPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    const id = /^[1-9]\d{0,9}$/.test(value) ? Number(value) : Number.NaN;
    if (!(id <= MAX_INT4)) throw new DomainError('notFound', HTTP_ERROR.notFound, 'There is no such id.');
    return id;
  }
}
