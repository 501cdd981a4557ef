import { describe, expect, it } from '@jest/globals';
import { targetUrl } from './channel-url.js';

const TOKEN = 'abcdefghijklmnopqrstuvwxyz_-0123456789';

describe('the URL of a Discord channel', () => {
  it.each([
    `https://discord.com/api/webhooks/123456789012345678/${TOKEN}`,
    `https://discordapp.com/api/webhooks/123456789012345678/${TOKEN}`,
    `https://canary.discord.com/api/v10/webhooks/123456789012345678/${TOKEN}/`,
  ])('%s is one place, however it is spelled', (url) => {
    expect(targetUrl('discord', url, false).href).toBe(
      `https://discord.com/api/webhooks/123456789012345678/${TOKEN}`,
    );
  });

  it.each([
    `http://discord.com/api/webhooks/123456789012345678/${TOKEN}`,
    `https://discord.com.example.org/api/webhooks/123456789012345678/${TOKEN}`,
    `https://example.org/https://discord.com/api/webhooks/123456789012345678/${TOKEN}`,
    `https://discord.com/api/webhooks/123456789012345678/${TOKEN}/../../../users/@me`,
    `https://discord.com/api/webhooks/123456789012345678/${TOKEN}?wait=true`,
    `https://u:p@discord.com/api/webhooks/123456789012345678/${TOKEN}`,
    'https://discord.com/api/webhooks/1/2',
    '',
  ])('%s is none', (url) => {
    expect(() => targetUrl('discord', url, true)).toThrow('not one of a webhook of Discord');
  });

  it('says of a webhook what every user-given URL is told', () => {
    expect(() => targetUrl('webhook', 'http://example.org/', false)).toThrow('https://');
    expect(() => targetUrl('webhook', 'https://localhost/', false)).toThrow('public address');
    expect(targetUrl('webhook', 'https://example.org/a?b=c', false).href).toBe('https://example.org/a?b=c');
  });
});
