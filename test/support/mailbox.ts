import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { waitUntil } from './wait-until.js';

/** A mail as it arrived: the envelope's recipient and the text. */
export interface ReceivedMail {
  to: string;
  subject: string;
  text: string;
}

/** A mail server that keeps what it is given: enough of SMTP (RFC 5321) for a client without encryption or sign-in. */
export class Mailbox {
  readonly mails: ReceivedMail[] = [];
  private readonly sockets = new Set<Socket>();
  private taken = 0;

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Mailbox> {
    const server = createServer();
    const mailbox = new Mailbox(server);
    server.on('connection', (socket) => mailbox.serve(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return mailbox;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next mail that was not asked for yet. */
  async next(): Promise<ReceivedMail> {
    const mail = await waitUntil('a mail', 15_000, () => this.mails[this.taken]);
    this.taken += 1;
    return mail;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.setEncoding('utf8').on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    let [waiting, to, body] = ['', '', undefined as string[] | undefined];
    const say = (line: string): unknown => socket.write(`${line}\r\n`);
    say('220 mailbox');
    socket.on('data', (chunk: string) => {
      const lines = (waiting + chunk).split('\r\n');
      waiting = lines.pop() ?? '';
      for (const line of lines) {
        if (body === undefined) {
          const verb = line.slice(0, 4).toUpperCase();
          if (verb === 'RCPT') to = /<(.*)>/.exec(line)?.[1] ?? '';
          if (verb === 'DATA') body = [];
          say(verb === 'DATA' ? '354 go on' : verb === 'QUIT' ? '221 bye' : '250 ok');
        } else if (line === '.') {
          this.keep(to, body);
          body = undefined;
          say('250 kept');
        } else {
          body.push(line);
        }
      }
    });
  }

  private keep(to: string, lines: readonly string[]): void {
    const blank = lines.indexOf('');
    const subject = lines.find((line) => line.startsWith('Subject: '))?.slice(9) ?? '';
    this.mails.push({ to, subject, text: lines.slice(blank + 1).join('\n') });
  }
}

/** The code of a mail: the line that is one. */
export function codeOf({ text }: ReceivedMail): string {
  return /^[\w-]{43}$/m.exec(text.replaceAll('=\n', ''))?.[0] ?? '';
}
