import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { StoreHealth } from './store-health.js';

// Entries in Redis for all processes. Nothing here is needed: whatever does not go well is a miss, and a Redis that has just failed to answer
// is not asked again for a while, so that it costs nobody time.
//
// What is forgotten must not come back by a load that began before. So each key has a generation beside its value: who misses takes the
// present one along, who forgets makes a new one, and a value is stored only under the generation with which its load began.

const PREFIX = 'guildhall:cache:';
const CHANNEL = 'guildhall:cache:forgotten';
const COMMAND_TIMEOUT_MS = 150;
/** A generation is kept for so long; a load that took half of it is not stored in Redis any more. */
const GENERATION_MS = 600_000;
/** Texts of more characters than this are each process's own. */
const LONGEST_TEXT = 1_000_000;
/** Keys to be forgotten that Redis has not heard of; when there are more, all its entries go. */
const MOST_UNTOLD = 10_000;
const MOST_AT_ONCE = 500;
/** A subscription that has died without a word would be deaf for ever, and what Redis was not told stay untold. */
const LOOK_EVERY_MS = 10_000;

const FIND = `return {redis.call('GET', KEYS[1]), redis.call('GET', KEYS[2]), redis.call('PTTL', KEYS[1])}`;
const STORE = `
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;
const FORGET = `
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1`;

/** The generation that a load began with. */
interface Ticket {
  readonly generation: string;
  readonly takenAtMs: number;
}

export interface FoundEntry {
  readonly text: string | undefined;
  /** How long it is good for. */
  readonly leftMs: number;
  /** Needed to store what is loaded instead; undefined = Redis is not asked at present. */
  readonly ticket: Ticket | undefined;
}

const NOTHING: FoundEntry = { text: undefined, leftMs: 0, ticket: undefined };

export interface RedisEntriesOptions {
  readonly url: string;
  readonly log: { info(fields: object, text: string): void; warn(fields: object, text: string): void };
  readonly nowMs: () => number;
  /** Another process has forgotten this key. */
  readonly onForgotten: (key: string) => void;
  /** Some keys may have been forgotten unheard. */
  readonly onMissed: () => void;
}

export class RedisEntries {
  private readonly id = randomUUID();
  private readonly commands: Redis;
  private readonly ears: Redis;
  private readonly health: StoreHealth;
  private readonly check: NodeJS.Timeout;
  /** Forgotten here and untold there: until Redis knows, nothing that it says is believed. */
  private readonly untold = new Set<string>();
  private isAllUntold = false;
  private telling: Promise<void> | undefined;

  constructor(private readonly options: RedisEntriesOptions) {
    this.health = new StoreHealth(options.log, options.nowMs);
    const settings = {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: COMMAND_TIMEOUT_MS,
      disconnectTimeout: COMMAND_TIMEOUT_MS,
      autoResubscribe: false,
      lazyConnect: true,
    };
    this.commands = new Redis(options.url, settings);
    this.ears = new Redis(options.url, settings);
    this.commands.on('error', (error: Error) => this.health.failed(error));
    this.commands.on('close', () => this.health.failed(new Error('the connection is lost')));
    this.ears.on('error', () => undefined); // it connects anew, and then hears that it may have missed something
    this.commands.on('ready', () => {
      this.health.answered();
      void this.tell();
    });
    this.ears.on('ready', () => void this.listen());
    this.ears.on('message', (_channel: string, message: string) => this.hear(message));
    this.check = setInterval(() => void this.lookAfter(), LOOK_EVERY_MS).unref();
  }

  /** From now on it is asked; before, every entry is a miss. Who cannot be reached is tried again by itself. */
  open(): void {
    for (const connection of [this.commands, this.ears]) connection.connect().catch(() => undefined);
  }

  get isUp(): boolean {
    return this.commands.status === 'ready' && this.health.isUp;
  }

  async find(key: string): Promise<FoundEntry> {
    if (!this.isUsable()) return NOTHING;
    const takenAtMs = this.options.nowMs();
    const found = await this.health.attempt(() => this.commands.eval(FIND, 2, ...this.names(key)));
    if (!Array.isArray(found)) return NOTHING;
    const [text, generation, leftMs] = found as [string | null, string | null, number];
    const ticket = { generation: generation ?? '', takenAtMs };
    return text === null || leftMs <= 0
      ? { ...NOTHING, ticket }
      : { text, leftMs: Math.ceil(leftMs), ticket };
  }

  /** @param ticket of the `find` that brought nothing */
  async store(key: string, text: string, ttlMs: number, ticket: Ticket | undefined): Promise<void> {
    if (ticket === undefined || text.length > LONGEST_TEXT || !this.isUsable()) return;
    if (this.options.nowMs() - ticket.takenAtMs > GENERATION_MS / 2) return;
    await this.health.attempt(() =>
      this.commands.eval(STORE, 2, ...this.names(key), ticket.generation, text, Math.ceil(ttlMs)),
    );
  }

  async forget(key: string): Promise<void> {
    this.note(key);
    await this.tell();
  }

  close(): void {
    clearInterval(this.check);
    this.health.end();
    this.commands.disconnect();
    this.ears.disconnect();
  }

  private isUsable(): boolean {
    if (this.commands.status !== 'ready' || this.health.isResting) return false;
    if (this.untold.size === 0 && !this.isAllUntold) return true;
    void this.tell();
    return false;
  }

  private note(key: string): void {
    if (this.untold.size < MOST_UNTOLD) this.untold.add(key);
    else this.isAllUntold = true;
  }

  /** Tells Redis what it does not know yet, as far as it answers. One at a time; who comes meanwhile waits for all of it. */
  private tell(): Promise<void> {
    return (this.telling ??= this.tellAll());
  }

  private async tellAll(): Promise<void> {
    await Promise.resolve(); // `telling` is set first
    try {
      while (this.commands.status === 'ready' && !this.health.isResting) {
        if (this.isAllUntold && !(await this.tellOfAll())) return;
        const keys = [...this.untold].slice(0, MOST_AT_ONCE);
        if (keys.length === 0) return;
        for (const key of keys) this.untold.delete(key); // whoever forgets it once more meanwhile adds it anew
        const told = await Promise.all(keys.map((key) => this.health.attempt(() => this.tellOf(key))));
        for (const [index, answer] of told.entries()) if (answer === undefined) this.note(keys[index]!);
      }
    } finally {
      this.telling = undefined; // in the turn of the last look: what is added after it is told by another
    }
  }

  /** @returns whether it went well */
  private async tellOfAll(): Promise<boolean> {
    this.isAllUntold = false;
    this.untold.clear();
    if (await this.health.attempt(() => this.clear())) return true;
    this.isAllUntold = true;
    return false;
  }

  private tellOf(key: string): Promise<unknown> {
    const message = `${this.id} ${key}`;
    return this.commands.eval(FORGET, 2, ...this.names(key), randomUUID(), GENERATION_MS, CHANNEL, message);
  }

  /** After more than can be remembered: every entry of every process goes. */
  private async clear(): Promise<true> {
    let cursor = '0';
    do {
      const [next, names] = await this.commands.scan(cursor, 'MATCH', `${PREFIX}*:value`, 'COUNT', 1_000);
      const keys = names.map((name) => name.slice(PREFIX.length + 1, -'}:value'.length));
      await Promise.all(keys.map((key) => this.tellOf(key)));
      cursor = next;
    } while (cursor !== '0');
    return true;
  }

  private async listen(): Promise<void> {
    const isHeard = await this.health.attempt(() => this.ears.subscribe(CHANNEL));
    if (isHeard === undefined) this.connectEarsAnew();
    else this.options.onMissed();
  }

  private async lookAfter(): Promise<void> {
    void this.tell();
    if (this.ears.status !== 'ready') return;
    if ((await this.health.attempt(() => this.ears.ping())) === undefined) this.connectEarsAnew();
  }

  private connectEarsAnew(): void {
    if (!this.health.isEnded) this.ears.disconnect(true);
  }

  private hear(message: string): void {
    const gap = message.indexOf(' ');
    if (message.slice(0, gap) !== this.id) this.options.onForgotten(message.slice(gap + 1));
  }

  /** In braces: both lie on one server of a cluster. */
  private names(key: string): [value: string, generation: string] {
    return [`${PREFIX}{${key}}:value`, `${PREFIX}{${key}}:generation`];
  }
}
