import { type ArgumentMetadata, Injectable, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { DomainError } from './domain-error.js';
import { type InputFault, pointerTo } from './input-fault.js';
import { HTTP_ERROR } from './problem.js';
import { isDeeperThan } from './storable.js';

/** class-validator DTOs of bodies and queries: unknown keys are refused, and each fault says where it is. */
@Injectable()
export class InputValidationPipe extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      transform: true,
      stopAtFirstError: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) =>
        new DomainError(
          'malformed',
          HTTP_ERROR.malformed,
          'The request has invalid fields.',
          faultsOf(errors, ''),
        ),
    });
  }

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // Texts of the path and injected values have no rules; without this each would cost a promise.
    const isRuleless =
      metadata.type === 'custom' || (metadata.type === 'param' && metadata.metatype === String);
    if (isRuleless) return value as Promise<unknown>;
    refuseInheritedNames(value);
    if (metadata.type === 'body') refuseDepth(value);
    return super.transform(value, metadata) as Promise<unknown>;
  }

  /** A path or query parameter stays the text that it is: `1e3` and `0x1` are no ids. Its own pipe reads it. */
  protected override transformPrimitive(value: unknown): unknown {
    return value;
  }
}

/** class-transformer drops these keys in silence; like any unknown key they are refused. */
function refuseInheritedNames(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const faults = ['__proto__', 'constructor', 'prototype']
    .filter((key) => Object.hasOwn(value, key))
    .map((key) => ({
      pointer: `/${key}`,
      code: 'whitelist-validation',
      detail: `property ${key} should not exist`,
    }));
  if (faults.length > 0)
    throw new DomainError('malformed', HTTP_ERROR.malformed, 'The request has invalid fields.', faults);
}

/** Free JSON may be in a body, and what transforms and checks it goes from level to level by recursion. */
const MOST_DEPTH = 100;

function refuseDepth(value: unknown): void {
  if (isDeeperThan(value, MOST_DEPTH))
    throw new DomainError(
      'malformed',
      HTTP_ERROR.malformed,
      `The body has more than ${MOST_DEPTH} levels of objects and lists.`,
    );
}

function faultsOf(errors: readonly ValidationError[], parent: string): InputFault[] {
  return errors.flatMap((error) => {
    const pointer = parent + pointerTo(error.property);
    const own = Object.entries(error.constraints ?? {}).map(([rule, detail]) => ({
      pointer,
      code: kebab(rule),
      detail,
    }));
    return [...own, ...faultsOf(error.children ?? [], pointer)];
  });
}

function kebab(rule: string): string {
  return rule.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
