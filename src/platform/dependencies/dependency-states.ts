import { Injectable } from '@nestjs/common';

// Others that the house works better with and can do without. Rooms say how theirs is looked at; health tells. Strangers may ask, so
// nobody is asked more often than every few seconds, and no look lasts longer than a few either.

/** For so long nobody looks again. */
const REMEMBERED_MS = 5_000;
const LONGEST_LOOK_MS = 4_000;

export interface DependencyState {
  /** off: not configured, and nothing is missing. */
  readonly status: 'off' | 'ok' | 'failing';
  /** Of one small question; null when there was no answer. */
  readonly latencyMs: number | null;
}

const FAILING: DependencyState = { status: 'failing', latencyMs: null };

@Injectable()
export class DependencyStates {
  private readonly looks = new Map<string, () => Promise<DependencyState>>();
  private readonly known = new Map<string, { state: Promise<DependencyState>; untilMs: number }>();

  /** @throws Error for a name that is taken */
  register(name: string, look: () => Promise<DependencyState>): void {
    if (this.looks.has(name)) throw new Error(`Two rooms look after the dependency ${name}`);
    this.looks.set(name, look);
  }

  /** Never throws: what cannot be looked at fails, and what nobody has registered is off. */
  async stateOf(name: string): Promise<DependencyState> {
    const look = this.looks.get(name);
    if (look === undefined) return { status: 'off', latencyMs: null };
    const known = this.known.get(name);
    if (known && performance.now() < known.untilMs) return known.state;
    const state = bounded(look);
    this.known.set(name, { state, untilMs: performance.now() + REMEMBERED_MS });
    return state;
  }
}

async function bounded(look: () => Promise<DependencyState>): Promise<DependencyState> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<DependencyState>((resolve) => {
    timer = setTimeout(() => resolve(FAILING), LONGEST_LOOK_MS);
  });
  try {
    return await Promise.race([look(), late]);
  } catch {
    return FAILING;
  } finally {
    clearTimeout(timer);
  }
}
