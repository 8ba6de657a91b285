-- Owners see their own rows. The keeper redeems codes and knows devices again before there is a user to act for, moves
-- what a visitor sent to an account, and forgets after time; it reads neither keys nor what anybody wrote. The audit log
-- is written and read by its user, changed by nobody.

DO $$
DECLARE
    part text;
    mine CONSTANT text := '(SELECT nullif(current_setting(''app.user_id'', true), '''')::uuid)';
BEGIN
    FOREACH part IN ARRAY ARRAY[
        'sign_in_codes', 'signed_in_devices', 'api_keys', 'answer_reports', 'conversation_ratings', 'audit_log'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', part);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO selfsame_app', part);
        EXECUTE format(
            'CREATE POLICY own_rows ON %I TO selfsame_app USING (user_id = %s) WITH CHECK (user_id = %s)', part, mine, mine
        );
        IF part <> 'api_keys' THEN
            EXECUTE format('CREATE POLICY keeping ON %I TO selfsame_keeper USING (true) WITH CHECK (true)', part);
        END IF;
    END LOOP;
END
$$;

-- Who sent a report or a rating may read it: it is part of what is kept of them.
CREATE POLICY own_reports ON answer_reports FOR SELECT TO selfsame_app
    USING (reporter_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
CREATE POLICY own_ratings ON conversation_ratings FOR SELECT TO selfsame_app
    USING (rater_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));

GRANT UPDATE, DELETE ON sign_in_codes, signed_in_devices, api_keys, answer_reports, conversation_ratings TO selfsame_app;

GRANT SELECT, UPDATE (tries, used_at), DELETE ON sign_in_codes TO selfsame_keeper;
GRANT SELECT, INSERT, UPDATE (last_seen_at, address), DELETE ON signed_in_devices TO selfsame_keeper;
GRANT SELECT (id, user_id, reporter_id, session_id, copied, created_at), UPDATE (reporter_id, question, answer), DELETE
    ON answer_reports TO selfsame_keeper;
GRANT SELECT (id, user_id, rater_id, session_id, created_at), UPDATE (rater_id), DELETE
    ON conversation_ratings TO selfsame_keeper;
GRANT SELECT (id, created_at), DELETE ON audit_log TO selfsame_keeper;

-- What a user's clones did, counted: also conversations that others had with them, of which the owner sees no row. The
-- functions run as the tables' owner and count only what belongs to clones of the transaction's user.

CREATE POLICY counting_usage ON conversation_sessions FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY counting_usage ON conversation_turns FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY counting_usage ON clips FOR SELECT TO CURRENT_USER USING (true);

CREATE FUNCTION usage_of_conversations(since timestamptz) RETURNS TABLE (
    day date, clone_id uuid, conversations bigint, minutes double precision
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (s.started_at AT TIME ZONE 'UTC')::date, s.clone_id, count(*),
        sum(extract(epoch FROM coalesce(s.ended_at, s.last_activity_at) - s.started_at) / 60)::double precision
    FROM conversation_sessions AS s JOIN clones AS c ON c.id = s.clone_id
    WHERE c.user_id = nullif(current_setting('app.user_id', true), '')::uuid AND s.started_at >= since
    GROUP BY 1, 2
$$;

CREATE FUNCTION usage_of_turns(since timestamptz) RETURNS TABLE (
    day date, clone_id uuid, model text, turns bigint, heard_ms double precision, spoken_ms double precision
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (t.created_at AT TIME ZONE 'UTC')::date, s.clone_id, t.model, count(*),
        sum(t.user_audio_ms), sum(t.response_audio_ms)
    FROM conversation_turns AS t
    JOIN conversation_sessions AS s ON s.id = t.session_id
    JOIN clones AS c ON c.id = s.clone_id
    WHERE c.user_id = nullif(current_setting('app.user_id', true), '')::uuid AND t.created_at >= since
    GROUP BY 1, 2, 3
$$;

CREATE FUNCTION usage_of_clips(since timestamptz) RETURNS TABLE (day date, clone_id uuid, clips bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (m.created_at AT TIME ZONE 'UTC')::date, m.clone_id, count(*)
    FROM clips AS m JOIN clones AS c ON c.id = m.clone_id
    WHERE c.user_id = nullif(current_setting('app.user_id', true), '')::uuid AND m.created_at >= since
        AND m.state = 'ready'
    GROUP BY 1, 2
$$;

REVOKE EXECUTE ON FUNCTION usage_of_conversations(timestamptz), usage_of_turns(timestamptz), usage_of_clips(timestamptz)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION usage_of_conversations(timestamptz), usage_of_turns(timestamptz), usage_of_clips(timestamptz)
    TO selfsame_app;
