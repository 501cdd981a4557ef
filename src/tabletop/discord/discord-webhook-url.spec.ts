import { describe, expect, it } from '@jest/globals';
import { readDiscordWebhookUrl } from './discord-webhook-url.js';

const TOKEN = 'abcDEF0123456789_-abcDEF0123456789wxyz';

describe('the address of a webhook of Discord', () => {
  it('is taken as Discord shows it, and known again by its end', () => {
    const url = readDiscordWebhookUrl(` https://discord.com/api/webhooks/123456789012345678/${TOKEN}/ `);
    expect(url).toEqual({
      href: `https://discord.com/api/webhooks/123456789012345678/${TOKEN}`,
      lastFour: 'wxyz',
    });
  });

  it.each([
    `http://discord.com/api/webhooks/123456789012345678/${TOKEN}`,
    `https://discord.com.example.org/api/webhooks/123456789012345678/${TOKEN}`,
    `https://example.org/https://discord.com/api/webhooks/123456789012345678/${TOKEN}`,
    `https://u:p@discord.com/api/webhooks/123456789012345678/${TOKEN}`,
    `https://discord.com/api/webhooks/123456789012345678/${TOKEN}/../../users/@me`,
    `https://discord.com/api/webhooks/123456789012345678/${TOKEN}?wait=true`,
    `https://discord.com/api/users/123456789012345678/${TOKEN}`,
    'https://127.0.0.1/api/webhooks/123456789012345678/x',
    '',
  ])('is not %s', (text) => {
    expect(readDiscordWebhookUrl(text)).toBeNull();
  });
});
