-- Owners see their clones' words and unanswered questions. Whoever meets a public clone searches its words by functions
-- that run as the tables' owner and check the same rule as the policies: under the policies themselves the index of words
-- could not be used, since `@@` is not leakproof. The keeper forgets old questions without reading them.

DO $$
DECLARE
    part text;
    mine CONSTANT text := '(SELECT nullif(current_setting(''app.user_id'', true), '''')::uuid)';
BEGIN
    FOREACH part IN ARRAY ARRAY['knowledge_words', 'unanswered_questions'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', part);
        EXECUTE format(
            'CREATE POLICY own_rows ON %I TO selfsame_app USING (user_id = %s) WITH CHECK (user_id = %s)', part, mine, mine
        );
    END LOOP;
END
$$;

GRANT SELECT ON knowledge_words TO selfsame_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON unanswered_questions TO selfsame_app;
GRANT SELECT (id, last_asked_at), DELETE ON unanswered_questions TO selfsame_keeper;
CREATE POLICY keeping ON unanswered_questions TO selfsame_keeper USING (true);

CREATE POLICY counting ON knowledge_words TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY searching ON knowledge_chunks FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY searching ON clones FOR SELECT TO CURRENT_USER USING (true);

CREATE FUNCTION count_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO knowledge_words AS known (clone_id, word, user_id, chunks)
        SELECT changed.clone_id, found.word, changed.user_id, count(*)
        FROM changed, LATERAL (SELECT lexeme AS word FROM unnest(changed.tsv) UNION ALL SELECT '') AS found
        GROUP BY 1, 2, 3
        ON CONFLICT (clone_id, word) DO UPDATE SET chunks = known.chunks + excluded.chunks;
    ELSE
        UPDATE knowledge_words AS known SET chunks = known.chunks - gone.chunks
        FROM (
            SELECT changed.clone_id, found.word, count(*)::integer AS chunks
            FROM changed, LATERAL (SELECT lexeme AS word FROM unnest(changed.tsv) UNION ALL SELECT '') AS found
            GROUP BY 1, 2
        ) AS gone
        WHERE known.clone_id = gone.clone_id AND known.word = gone.word;
        DELETE FROM knowledge_words AS known
        USING (SELECT DISTINCT clone_id FROM changed) AS touched
        WHERE known.clone_id = touched.clone_id AND known.chunks <= 0;
    END IF;
    RETURN NULL;
END
$$;

-- Chunks are replaced, never changed, so no trigger follows updates.
CREATE TRIGGER words_come AFTER INSERT ON knowledge_chunks
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_words();
CREATE TRIGGER words_go AFTER DELETE ON knowledge_chunks
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_words();

CREATE FUNCTION may_search(met uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM clones
        WHERE id = met AND (public OR user_id = nullif(current_setting('app.user_id', true), '')::uuid)
    )
$$;

-- The stems of a text that the clone knows, and in how many of its chunks each stands; the empty word counts all.
CREATE FUNCTION words_known(met uuid, configuration regconfig, asked text) RETURNS TABLE (word text, chunks integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT may_search(met) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT known.word, known.chunks FROM knowledge_words AS known
    WHERE known.clone_id = met
        AND known.word = ANY (array_append(tsvector_to_array(to_tsvector(configuration, asked)), ''));
END
$$;

-- The chunks that match `wanted`, by the summed weights of the words they hold; those in a question or heading count
-- half more. Filters that are null let everything through.
CREATE FUNCTION chunks_worded(
    met uuid, wanted tsquery, words text[], weights real[], most integer,
    kinds text[], within uuid[], since timestamptz, until timestamptz
) RETURNS TABLE (id uuid, weight real, held text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT may_search(met) THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH hit AS MATERIALIZED (
        SELECT c.id, c.tsv || '' AS tsv FROM knowledge_chunks AS c  -- joined to nothing, so that it is unpacked once
        WHERE c.clone_id = met AND c.tsv @@ wanted
            AND (kinds IS NULL OR c.source_type = ANY (kinds)) AND (within IS NULL OR c.document_id = ANY (within))
            AND (since IS NULL OR c.created_at >= since) AND (until IS NULL OR c.created_at < until)
    ), term AS MATERIALIZED (
        SELECT listed.word, listed.value, quoted.query::tsquery AS query, (quoted.query || ':A')::tsquery AS heading
        FROM unnest(words, weights) AS listed (word, value),
            LATERAL (SELECT '''' || replace(replace(listed.word, '\', '\\'), '''', '''''') || '''') AS quoted (query)
    )
    SELECT hit.id, sum(term.value * CASE WHEN hit.tsv @@ term.heading THEN 1.5 ELSE 1.0 END)::real,
        array_agg(term.word ORDER BY term.value DESC)
    FROM hit JOIN term ON hit.tsv @@ term.query
    GROUP BY hit.id ORDER BY 2 DESC, 1 LIMIT most;
END
$$;

REVOKE EXECUTE ON FUNCTION count_words(), may_search(uuid), words_known(uuid, regconfig, text),
    chunks_worded(uuid, tsquery, text[], real[], integer, text[], uuid[], timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION words_known(uuid, regconfig, text),
    chunks_worded(uuid, tsquery, text[], real[], integer, text[], uuid[], timestamptz, timestamptz) TO selfsame_app;

INSERT INTO knowledge_words (clone_id, word, user_id, chunks)
SELECT c.clone_id, found.word, c.user_id, count(*)
FROM knowledge_chunks AS c, LATERAL (SELECT lexeme AS word FROM unnest(c.tsv) UNION ALL SELECT '') AS found
GROUP BY 1, 2, 3;
