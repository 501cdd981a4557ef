import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';

export interface Mail {
  to: string;
  subject: string;
  /** Plain text; there is no other form. */
  text: string;
}

const TIMEOUT_MS = 15_000;

/** Sends mail by SMTP_URL; without it there is none, and callers ask before they promise any. */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  private transport: Transporter | undefined;

  constructor(@Inject(ENV) private readonly env: Env) {}

  get isConfigured(): boolean {
    return this.env.smtpUrl !== undefined;
  }

  /** For jobs, which try again. @throws Error when the mail server refuses or does not answer */
  async send(mail: Mail): Promise<void> {
    const { smtpUrl, mailFrom } = this.env;
    if (smtpUrl === undefined) throw new Error('SMTP_URL is not set');
    this.transport ??= createTransport({
      url: smtpUrl,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    await this.transport.sendMail({ from: mailFrom, ...mail });
  }

  onApplicationShutdown(): void {
    this.transport?.close();
  }
}
