import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AgentAnalyticsKeepChoices1763910200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // What a generation offers and which letter it was told: all that figures need of texts, which are dropped one day.
    await runner.query('ALTER TABLE agent_analytics.observation ADD COLUMN choices jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE agent_analytics.observation DROP COLUMN choices');
  }
}
