import { DefinitionSplitter } from './definition-splitter.js';
import { type NewDefinition, readDefinition } from './read-definition.js';

/** Definitions that are stored together. */
export interface DefinitionPortion {
  readonly definitions: readonly NewDefinition[];
  /** Bytes of the file that were read so far. */
  readonly readBytes: number;
}

/** Of JSON; the database parses a portion in some milliseconds, and this process holds two of them at most. */
const PORTION_BYTES = 128 * 1_024;
/** So much is read before others have their turn: well below a millisecond. */
const SLICE_BYTES = 32 * 1_024;

export interface PortionOptions {
  readonly depth: 1 | 2;
  /** The table that is wanted of a file of all tables. */
  readonly table: string;
  /** Takes a moment in which everything else in the process has its turn. */
  readonly rest: () => Promise<void>;
}

/** Reads a file in streaming. @throws MalformedManifestError where it is not what it should be, what the source throws otherwise */
export async function* definitionPortions(
  source: AsyncIterable<Uint8Array>,
  { depth, table, rest }: PortionOptions,
): AsyncGenerator<DefinitionPortion, void, undefined> {
  const splitter = new DefinitionSplitter(depth, (name) => name === table);
  let definitions: NewDefinition[] = [];
  let waitingBytes = 0;
  let readBytes = 0;
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length; from += SLICE_BYTES) {
      const slice = chunk.subarray(from, from + SLICE_BYTES);
      readBytes += slice.length;
      for (const raw of splitter.push(slice)) {
        definitions.push(readDefinition(raw));
        waitingBytes += raw.json.length;
      }
      if (waitingBytes >= PORTION_BYTES) {
        yield { definitions, readBytes };
        definitions = [];
        waitingBytes = 0;
      }
      await rest();
    }
  }
  splitter.end();
  if (definitions.length > 0) yield { definitions, readBytes };
}
