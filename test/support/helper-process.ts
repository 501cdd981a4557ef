import { type ChildProcess, fork } from 'node:child_process';

/** A program of test/support in a process of its own, which is asked and answers. */
export class HelperProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** Where it is, where it says so. */
    readonly url: string,
  ) {}

  /** @param settings its first argument, as JSON @throws with its output when it ends before it is ready */
  static async start(program: string, settings: object): Promise<HelperProcess> {
    const { PATH = '', HOME = '' } = process.env;
    const child = fork(`test/support/${program}.mjs`, [JSON.stringify(settings)], {
      execArgv: [],
      env: { PATH, HOME },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (piece: string) => (output += piece));
    const { url } = await new Promise<{ url: string }>((resolve, reject) => {
      child.once('message', (message) => resolve(message as { url: string }));
      child.once('exit', () => reject(new Error(`${program} ended before it was ready:\n${output}`)));
    });
    return new HelperProcess(child, url);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  ask<Answer>(question: object): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.child.once('message', (message) => resolve(message as Answer));
      this.child.send(question, (error) => error && reject(error));
    });
  }

  async stop(): Promise<void> {
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.disconnect();
    await exited;
  }
}
