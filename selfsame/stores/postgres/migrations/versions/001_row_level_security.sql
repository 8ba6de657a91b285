-- Who may see which row. Two roles without login, neither owner nor superuser:
--   selfsame_app     acts for one user, named by the setting app.user_id of the transaction; no setting, no rows.
--                    A visitor who meets a public clone names it in app.clone_id and may read that clone's knowledge.
--   selfsame_keeper  looks up whose device this is, joins a visitor to an account, ends idle sessions, forgets texts
--                    after their time. It has no access to knowledge and personas.
-- The sub-selects in the policies run once a query, not once a row.

DO $$
DECLARE
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['selfsame_app', 'selfsame_keeper'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = part) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', part);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of this cluster was faster
        END;
        IF NOT pg_has_role(current_user, part, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', part, current_user);
        END IF;
        EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', part);
    END LOOP;
END
$$;

DO $$
DECLARE
    part text;
    mine CONSTANT text := '(SELECT nullif(current_setting(''app.user_id'', true), '''')::uuid)';
BEGIN
    FOREACH part IN ARRAY ARRAY[
        'devices', 'clones', 'personas', 'persona_profiles', 'conversation_sessions', 'conversation_turns',
        'knowledge_documents', 'knowledge_chunks', 'consents'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', part);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO selfsame_app', part);
        EXECUTE format(
            'CREATE POLICY own_rows ON %I TO selfsame_app USING (user_id = %s) WITH CHECK (user_id = %s)', part, mine, mine
        );
    END LOOP;
    ALTER TABLE users ENABLE ROW LEVEL SECURITY;
    ALTER TABLE users FORCE ROW LEVEL SECURITY;
    GRANT SELECT, UPDATE, DELETE ON users TO selfsame_app;
    EXECUTE format('CREATE POLICY own_rows ON users TO selfsame_app USING (id = %s) WITH CHECK (id = %s)', mine, mine);
END
$$;

CREATE POLICY public_clones ON clones FOR SELECT TO selfsame_app USING (public);

CREATE POLICY met_clone ON knowledge_documents FOR SELECT TO selfsame_app USING (
    clone_id = (
        SELECT c.id FROM clones c
        WHERE c.public AND c.id = nullif(current_setting('app.clone_id', true), '')::uuid
    )
);

CREATE POLICY met_clone ON knowledge_chunks FOR SELECT TO selfsame_app USING (
    clone_id = (
        SELECT c.id FROM clones c
        WHERE c.public AND c.id = nullif(current_setting('app.clone_id', true), '')::uuid
    )
);

GRANT SELECT, INSERT, UPDATE, DELETE ON users, devices TO selfsame_keeper;
GRANT SELECT, UPDATE ON clones, consents, conversation_sessions, conversation_turns TO selfsame_keeper;

DO $$
DECLARE
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY[
        'users', 'devices', 'clones', 'consents', 'conversation_sessions', 'conversation_turns'
    ] LOOP
        EXECUTE format('CREATE POLICY keeping ON %I TO selfsame_keeper USING (true) WITH CHECK (true)', part);
    END LOOP;
END
$$;
