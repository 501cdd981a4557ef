/** Why a file is not taken; the rooms with routes turn it into a status. */
export type FileRefusal =
  | 'too-large'
  | 'wrong-type'
  | 'not-a-picture'
  | 'too-many-pixels'
  | 'quota-used-up'
  | 'interrupted'
  | 'empty'
  | 'busy'
  | 'disk-full';

export class FileRefusedError extends Error {
  override readonly name = 'FileRefusedError';

  constructor(
    readonly reason: FileRefusal,
    options?: ErrorOptions,
  ) {
    super(`The file was refused: ${reason}`, options);
  }
}
