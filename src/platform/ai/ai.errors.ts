/** Codes of the ai room: why a language model gave no usable answer. */
export const AI_ERROR = {
  /** No model is configured. */
  off: 'ai/off',
  /** It could not be reached, answered 5xx, or is left alone after failing repeatedly. */
  unreachable: 'ai/unreachable',
  /** It answered 429, or has too many calls under way. */
  rateLimited: 'ai/rate-limited',
  /** It answered another status than 200, such as 400 for tools that it does not know or 401 for the key. */
  refused: 'ai/refused',
  /** The configured one does not answer from the own network, which this question must not leave. */
  notOwnNetwork: 'ai/not-own-network',
  /** It did not end in time. */
  timeout: 'ai/timeout',
  /** It did not begin in time. */
  firstTokenLate: 'ai/first-token-late',
  /** It answered with something else than a stream of events. */
  notStreamed: 'ai/not-streamed',
  /** The stream stopped in the middle. */
  cut: 'ai/cut',
  /** What came cannot be understood, or says that something failed over there. */
  badAnswer: 'ai/bad-answer',
  /** More came than is read. */
  tooLarge: 'ai/too-large',
  /** The caller's own signal ended the call. */
  aborted: 'ai/aborted',
} as const;

export type AiErrorCode = (typeof AI_ERROR)[keyof typeof AI_ERROR];

/** Codes of a run that ended without an answer, beside those of its model. */
export const RUN_ERROR = {
  /** The model called tools again and again, or too many at once. */
  tooManyCalls: 'ai/too-many-calls',
  /** It has used up what it may write before it came to an answer. */
  outOfTokens: 'ai/out-of-tokens',
  /** It called a tool with arguments that are not valid, also after it had been told so. */
  invalidArguments: 'ai/invalid-arguments',
  /** The same with a tool that there is not. */
  unknownTool: 'ai/unknown-tool',
  /** It answered nothing. */
  noAnswer: 'ai/no-answer',
  /** A fault of ours; the log has it. */
  internal: 'ai/internal',
} as const;

export type RunFailureCode = AiErrorCode | (typeof RUN_ERROR)[keyof typeof RUN_ERROR];

/** A call to a model that brought no usable answer. Made to be logged: it repeats nothing that was sent or came. */
export class ModelFault extends Error {
  override readonly name = 'ModelFault';

  constructor(
    readonly code: AiErrorCode,
    /** Status of the server's answer, where there was one. */
    readonly status?: number,
    /** Not to be asked before so many milliseconds have passed. */
    readonly retryAfterMs?: number,
  ) {
    super(`The language model gave no answer: ${code}${status === undefined ? '' : ` (${status})`}`);
  }
}
