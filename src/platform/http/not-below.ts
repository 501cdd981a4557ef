import { ValidateBy, type ValidationArguments } from 'class-validator';

/**
 * The upper end of two bounds, numbers or instants: below the lower one nothing would ever match, which is a slip and no question.
 * What is no bound at all is another rule's matter.
 */
export const NotBelow = (lower: string): PropertyDecorator =>
  ValidateBy({
    name: 'isNotBelow',
    constraints: [lower],
    validator: {
      validate: (upper: unknown, { object }: ValidationArguments = NO_ARGUMENTS) =>
        !(placeOf(upper) < placeOf((object as Record<string, unknown>)[lower])),
      defaultMessage: () => `must not be below ${lower}: nothing would ever match`,
    },
  });

const NO_ARGUMENTS = { object: {} } as ValidationArguments;

/** NaN for what is neither, and NaN is below nothing. */
function placeOf(bound: unknown): number {
  return typeof bound === 'string' ? Date.parse(bound) : typeof bound === 'number' ? bound : Number.NaN;
}
