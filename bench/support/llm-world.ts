/** A model that calls a tool so many times and then answers. */
export interface LlmUpstreamRequest {
  calls: number;
  answer: string;
}
