export type SheetFaultKind =
  'not-shared' | 'gone' | 'rate-limited' | 'unavailable' | 'malformed' | 'too-large';

/** Why a sheet could not be read, in a sentence of ours: what Google writes is not passed on. */
export class SheetFault extends Error {
  override readonly name = 'SheetFault';

  constructor(
    readonly kind: SheetFaultKind,
    message: string,
    /** Not to be asked before; undefined = Google has not said. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}
