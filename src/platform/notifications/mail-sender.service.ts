import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import type { Tx } from '../database/unit-of-work.js';
import { type Logger, LOGGER } from '../logging/logger.js';
import type { Try } from './delivery-retries.js';
import { Mailer } from './mailer.service.js';
import { type NotificationContent, toMail } from './notification-text.js';
import { Recipients } from './recipients.service.js';

/** Brings notifications to the mailbox that an account has proved to be its own. */
@Injectable()
export class MailSender {
  constructor(
    private readonly mailer: Mailer,
    private readonly recipients: Recipients,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @returns the code of what is in the way, where there is none */
  async wayTo(tx: Tx, userId: string): Promise<{ kind: 'mail'; to: string } | string> {
    if (!this.mailer.isConfigured) return 'notifications/no-mail-server';
    const to = await this.recipients.addressOf(tx, userId);
    return to === undefined ? 'notifications/no-proved-address' : { kind: 'mail', to };
  }

  /** One try. Its error names no address: that stands in the log of the mail server. */
  async send(to: string, content: NotificationContent): Promise<Try> {
    try {
      await this.mailer.send({ to, ...toMail(content, this.env.publicUrl) });
      return { status: null, error: null, retryAfterMs: undefined, isOurs: false };
    } catch (error) {
      const { code, responseCode } = error as { code?: string; responseCode?: number };
      this.logger.warn({ code, responseCode }, 'a mail was not taken');
      const status = responseCode ?? null;
      return { status, error: 'notifications/mail-not-taken', retryAfterMs: undefined, isOurs: false };
    }
  }
}
