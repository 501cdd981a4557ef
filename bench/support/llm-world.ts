/** A model that calls a tool so many times and then answers. */
export interface LlmUpstreamRequest {
  calls: number;
  answer: string;
  /** Characters of a piece of the stream (4). */
  pieceLength?: number;
  /** Between two pieces (0). */
  pauseMs?: number;
}
