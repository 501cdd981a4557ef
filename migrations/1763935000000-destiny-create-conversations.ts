import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";
const TABLES = ['conversation', 'message', 'agent_run'];

export class DestinyCreateConversations1763935000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- updated_at holds whole milliseconds: pages of the list are cut by it. message_count is the order_index that the next message
      -- gets; whoever adds one holds the row's lock.
      CREATE TABLE destiny.conversation (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        title text,
        is_named boolean NOT NULL DEFAULT false,
        is_archived boolean NOT NULL DEFAULT false,
        persona text,
        message_count integer NOT NULL DEFAULT 0,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', now()),
        updated_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', now()),
        CONSTRAINT pk_conversation PRIMARY KEY (id),
        CONSTRAINT uq_conversation_owner UNIQUE (user_id, id)
      );
      CREATE INDEX ix_conversation_page ON destiny.conversation (user_id, is_archived, updated_at, id);

      CREATE TABLE destiny.message (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        order_index integer NOT NULL,
        role text NOT NULL,
        content text NOT NULL,
        tool_calls jsonb NOT NULL DEFAULT '[]',
        cards jsonb NOT NULL DEFAULT '[]',
        token_count integer,
        model text,
        mode text,
        latency_ms integer,
        status text NOT NULL DEFAULT 'complete',
        client_message_id text,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_message PRIMARY KEY (id),
        CONSTRAINT uq_message_order UNIQUE (conversation_id, order_index),
        CONSTRAINT uq_message_client UNIQUE (conversation_id, client_message_id),
        CONSTRAINT fk_message_conversation FOREIGN KEY (user_id, conversation_id)
          REFERENCES destiny.conversation (user_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_message_role CHECK (role IN ('user', 'assistant', 'tool')),
        CONSTRAINT ck_message_mode CHECK (mode IN ('rules', 'llm')),
        CONSTRAINT ck_message_status CHECK (status IN ('complete', 'error', 'cancelled'))
      );
      CREATE INDEX ix_message_owner ON destiny.message (user_id, conversation_id);

      -- question_id and answer_id are messages of the same conversation, which takes its runs along.
      CREATE TABLE destiny.agent_run (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        question_id uuid NOT NULL,
        answer_id uuid,
        state text NOT NULL DEFAULT 'running',
        mode text,
        prompt_version text,
        round_count integer NOT NULL DEFAULT 0,
        error_code text,
        started_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        CONSTRAINT pk_agent_run PRIMARY KEY (id),
        CONSTRAINT uq_agent_run_question UNIQUE (question_id),
        CONSTRAINT fk_agent_run_conversation FOREIGN KEY (user_id, conversation_id)
          REFERENCES destiny.conversation (user_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_agent_run_state CHECK (state IN ('running', 'complete', 'error', 'cancelled')),
        CONSTRAINT ck_agent_run_mode CHECK (mode IN ('rules', 'llm'))
      );
      CREATE INDEX ix_agent_run_owner ON destiny.agent_run (user_id, conversation_id);
      CREATE INDEX ix_agent_run_running ON destiny.agent_run (user_id) WHERE state = 'running';
    `);
    for (const table of TABLES)
      await runner.query(`
        COMMENT ON TABLE destiny.${table} IS 'owner=user; erase=destiny-conversations';
        ALTER TABLE destiny.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY own_rows ON destiny.${table} TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
        CREATE POLICY platform_work ON destiny.${table} TO ${system} USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON destiny.${table} TO ${app}, ${system};
      `);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.query(`DROP TABLE destiny.${table}`);
  }
}
