import { Injectable, type PipeTransform } from '@nestjs/common';
import { DomainError } from '../../platform/http/domain-error.js';
import { MARKET_ERROR } from '../market.errors.js';

/** Number of a part in a path, from 0 on. */
@Injectable()
export class PartNumberPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    if (!/^\d{1,9}$/.test(value))
      throw new DomainError('notFound', MARKET_ERROR.unknownImport, 'Parts are numbered from 0 on.');
    return Number(value);
  }
}
