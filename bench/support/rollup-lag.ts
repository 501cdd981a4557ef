// What the benchmark of the rollups' lag and its load generator agree on.

export interface LagItem {
  id: number;
  externalId: number;
}

export interface LagSetup {
  url: string;
  ingestToken: string;
  readToken: string;
  /** They get the batches in turn. */
  serverKeys: string[];
  items: LagItem[];
  seed: number;
  seconds: number;
  batchesPerS: number;
}

/** `send` is answered when all batches have been, `seen` when all marked prices have shown. */
export type LagRequest = ({ kind: 'send' } & LagSetup) | { kind: 'seen' };

export interface LagSent {
  /** From the first batch to the last answer. */
  seconds: number;
  acceptedCount: number;
  /** Of each batch, from when it was due. */
  answersMs: number[];
}

export interface LagReply {
  sent: LagSent | null;
  /** Of each watched batch, in the order of their answers; 60,000 where the price has not shown by then. */
  lagsMs: number[];
}
