/** How processes tell each other what happens in their rooms: one channel, texts, nothing kept. */
export interface FanoutBus {
  /** The longest text that it takes, in bytes. */
  readonly mostBytes: number;
  /** Texts of one process arrive in their order, or not at all. Rejects when it could not be told. */
  send(text: string): Promise<void>;
  close(): Promise<void>;
}

export interface BusListener {
  /** Also one's own. */
  onText(text: string): void;
  /** It begins to listen, now or again: what was said before is lost. */
  onListening(): void;
}

export type OpenBus = (listener: BusListener) => FanoutBus;

export const OPEN_BUS = Symbol('OpenBus');
