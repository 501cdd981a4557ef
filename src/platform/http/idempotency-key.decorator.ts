import { ApiHeader } from '@nestjs/swagger';

/** Documents the header that `idempotentRequest` reads. @param besides what a repetition of this route does or lacks */
export const ApiIdempotencyKey = (besides = ''): MethodDecorator & ClassDecorator =>
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: `A repetition within 24 h gets the first answer${besides}`,
  });
