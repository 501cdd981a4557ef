import { ValidateBy } from 'class-validator';
import { isTimeZone } from './time-zone.js';

export const IsTimeZone = (): PropertyDecorator =>
  ValidateBy({
    name: 'isTimeZone',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isTimeZone(value),
      defaultMessage: () => 'must be a time zone of the IANA database, such as Europe/Berlin',
    },
  });
