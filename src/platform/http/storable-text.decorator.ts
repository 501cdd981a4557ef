import { applyDecorators } from '@nestjs/common';
import { IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { SEEN_AND_STORED, STORABLE } from './storable.js';

/** A name or a text of somebody's: 1 to so many characters that can be seen and stored. */
export const StorableText = (most: number): PropertyDecorator =>
  applyDecorators(Matches(STORABLE, SEEN_AND_STORED), MaxLength(most), MinLength(1), IsString());
