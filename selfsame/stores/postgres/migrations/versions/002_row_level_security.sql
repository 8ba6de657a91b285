-- Owners see their jobs, face models and clips. The keeper runs the queue across users, moves what is a visitor's to an
-- account, and removes what consent or time has ended; of faces and clips it sees whose they are, not what they are.

DO $$
DECLARE
    part text;
    mine CONSTANT text := '(SELECT nullif(current_setting(''app.user_id'', true), '''')::uuid)';
BEGIN
    FOREACH part IN ARRAY ARRAY['jobs', 'face_models', 'clips'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', part);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO selfsame_app', part);
        EXECUTE format(
            'CREATE POLICY own_rows ON %I TO selfsame_app USING (user_id = %s) WITH CHECK (user_id = %s)', part, mine, mine
        );
        EXECUTE format('CREATE POLICY keeping ON %I TO selfsame_keeper USING (true) WITH CHECK (true)', part);
    END LOOP;
END
$$;

ALTER TABLE job_workers ENABLE ROW LEVEL SECURITY;
ALTER TABLE job_workers FORCE ROW LEVEL SECURITY;
CREATE POLICY keeping ON job_workers TO selfsame_keeper USING (true) WITH CHECK (true);

GRANT SELECT, INSERT, UPDATE, DELETE ON jobs, job_workers TO selfsame_keeper;
GRANT SELECT (id, user_id, clone_id, fictional), DELETE ON face_models TO selfsame_keeper;
GRANT SELECT (id, user_id, clone_id, content_key, expires_at), UPDATE (user_id), DELETE ON clips TO selfsame_keeper;

-- Files go when the row that names them goes, whatever made it go (a cascade, a sweep, a revoked consent, a hand at the
-- console): the order is written in the same transaction. It comes twice, the second time when every writer that was
-- still at work has stopped. The functions run as the tables' owner, who may therefore write such orders and no others.

CREATE POLICY erasing ON jobs FOR INSERT TO CURRENT_USER WITH CHECK (user_id IS NULL AND kind = 'erase-files');

CREATE FUNCTION order_erasure() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO jobs (kind, args, run_at)
    SELECT 'erase-files', jsonb_build_object('prefix', to_jsonb(OLD) ->> TG_ARGV[0]), now() + later
    FROM (VALUES (interval '0'), (interval '5 minutes')) AS passes (later);
    RETURN NULL;
END
$$;

CREATE FUNCTION order_erasure_of_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO jobs (kind, args, run_at)
    SELECT 'erase-files', jsonb_build_object('user', OLD.id), now() + later
    FROM (VALUES (interval '0'), (interval '5 minutes')) AS passes (later);
    RETURN NULL;
END
$$;

REVOKE EXECUTE ON FUNCTION order_erasure(), order_erasure_of_user() FROM PUBLIC;

CREATE TRIGGER files_follow AFTER DELETE ON face_models FOR EACH ROW EXECUTE FUNCTION order_erasure('model_path');
CREATE TRIGGER files_follow AFTER DELETE ON clips FOR EACH ROW EXECUTE FUNCTION order_erasure('path');
CREATE TRIGGER files_follow AFTER DELETE ON users FOR EACH ROW EXECUTE FUNCTION order_erasure_of_user();
