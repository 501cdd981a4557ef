/** Why there is nothing to tell; the agent says so, and nothing has failed. */
export type ReadProblemCode = 'not-linked' | 'unavailable';

export class ReadProblem extends Error {
  override readonly name = 'ReadProblem';

  constructor(readonly code: ReadProblemCode) {
    super(`Nothing can be read: ${code}`);
  }
}
