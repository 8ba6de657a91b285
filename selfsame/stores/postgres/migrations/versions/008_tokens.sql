-- Tokens of each turn: what the model was sent and what it wrote, as its vendor counted or estimated from the texts.
-- NULL in turns from before, 0 where no model was asked (small talk, "I do not know"). Frozen: later changes are later migrations.

ALTER TABLE conversation_turns
    ADD COLUMN prompt_tokens INTEGER,
    ADD COLUMN reply_tokens INTEGER,
    ADD COLUMN tokens_estimated BOOLEAN DEFAULT false NOT NULL;

DROP FUNCTION usage_of_turns(timestamptz);

CREATE FUNCTION usage_of_turns(since timestamptz) RETURNS TABLE (
    day date, clone_id uuid, model text, turns bigint, heard_ms double precision, spoken_ms double precision,
    prompt_tokens bigint, reply_tokens bigint, estimated bigint, uncounted bigint, uncounted_ms double precision
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (t.created_at AT TIME ZONE 'UTC')::date, s.clone_id, t.model, count(*),
        sum(t.user_audio_ms), sum(t.response_audio_ms),
        coalesce(sum(t.prompt_tokens), 0), coalesce(sum(t.reply_tokens) FILTER (WHERE t.prompt_tokens > 0), 0),
        count(*) FILTER (WHERE t.tokens_estimated), count(*) FILTER (WHERE t.prompt_tokens IS NULL),
        coalesce(sum(t.response_audio_ms) FILTER (WHERE t.prompt_tokens IS NULL), 0)
    FROM conversation_turns AS t
    JOIN conversation_sessions AS s ON s.id = t.session_id
    JOIN clones AS c ON c.id = s.clone_id
    WHERE c.user_id = nullif(current_setting('app.user_id', true), '')::uuid AND t.created_at >= since
    GROUP BY 1, 2, 3
$$;

REVOKE EXECUTE ON FUNCTION usage_of_turns(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION usage_of_turns(timestamptz) TO selfsame_app;
