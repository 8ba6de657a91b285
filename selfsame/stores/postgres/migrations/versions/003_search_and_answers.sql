-- Searching what a clone knows, how strictly it keeps to that, and the questions it could not answer. Frozen: later
-- changes are later migrations.

ALTER TABLE clones ADD COLUMN adherence VARCHAR(20) DEFAULT 'adaptive' NOT NULL;
ALTER TABLE clones ADD COLUMN no_answer JSONB DEFAULT '{}'::jsonb NOT NULL;
ALTER TABLE clones ADD CONSTRAINT ck_clones_adherence CHECK (adherence IN ('strict', 'adaptive', 'creative'));

ALTER TABLE knowledge_documents ADD COLUMN kind VARCHAR(20) DEFAULT 'document' NOT NULL;

-- Chinese is written without spaces: each run of ideographs becomes its overlapping pairs (音乐家 -> 音乐 乐家).
CREATE FUNCTION chinese_pairs(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(words, '([一-鿿])([一-鿿])', '\1\2 ', 'g') || ' ' || regexp_replace(
        regexp_replace(words, '(^|[^一-鿿])([一-鿿])', '\1\2 ', 'g'), '([一-鿿])([一-鿿])', '\1\2 ', 'g')
$$;

-- Spanish words are indexed with their accents and without: people type "grabacion", and stems differ.
CREATE FUNCTION plain_spanish(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(words, 'áéíóúüÁÉÍÓÚÜ', 'aeiouuAEIOUU')
$$;

ALTER TABLE knowledge_chunks DROP COLUMN tsv;
ALTER TABLE knowledge_chunks ADD COLUMN tsv TSVECTOR GENERATED ALWAYS AS (CASE language
WHEN 'EN' THEN setweight(to_tsvector('english', coalesce(question, '') || ' ' || heading), 'A')
 || to_tsvector('english', content)
WHEN 'ES' THEN setweight(to_tsvector('spanish', coalesce(question, '') || ' ' || heading || ' '
 || plain_spanish(coalesce(question, '') || ' ' || heading)), 'A')
 || to_tsvector('spanish', content || ' ' || plain_spanish(content))
ELSE setweight(to_tsvector('simple', chinese_pairs(coalesce(question, '') || ' ' || heading)), 'A')
 || to_tsvector('simple', chinese_pairs(content)) END) STORED;

-- The words are weighed chunk by chunk: they stay in the row as long as it fits a page, and the text goes aside instead.
ALTER TABLE knowledge_chunks ALTER COLUMN tsv SET STORAGE MAIN;

-- With the vectors in the index, those of one clone lie together and are compared without the rows.
DROP INDEX idx_user_chunks;
CREATE INDEX idx_user_chunks ON knowledge_chunks (user_id, clone_id) INCLUDE (id, embedding);
CREATE INDEX idx_chunk_words ON knowledge_chunks USING gin (tsv) WITH (fastupdate = off);
CREATE INDEX idx_chunk_vectors ON knowledge_chunks USING hnsw (embedding halfvec_cosine_ops)
    WITH (m = 16, ef_construction = 64);

-- In how many chunks of a clone each word stands; the empty word counts the chunks.
CREATE TABLE knowledge_words (
    clone_id UUID NOT NULL,
    word TEXT NOT NULL,
    user_id UUID NOT NULL,
    chunks INTEGER NOT NULL,
    CONSTRAINT pk_knowledge_words PRIMARY KEY (clone_id, word),
    CONSTRAINT fk_knowledge_words_clone_id_user_id FOREIGN KEY(clone_id, user_id)
        REFERENCES clones (id, user_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_knowledge_words_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

-- What a clone could not answer. `answer_id` is the id that the document of the owner's answer has or will have: the
-- question is answered while that document is there. Nothing says who asked.
CREATE TABLE unanswered_questions (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    clone_id UUID NOT NULL,
    answer_id UUID NOT NULL,
    question TEXT NOT NULL,
    language VARCHAR(10) DEFAULT 'EN' NOT NULL,
    model_id VARCHAR(255) NOT NULL,
    embedding HALFVEC(384) NOT NULL,
    times INTEGER DEFAULT 0 NOT NULL,
    first_asked_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    last_asked_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_unanswered_questions PRIMARY KEY (id),
    CONSTRAINT fk_unanswered_questions_clone_id_user_id FOREIGN KEY(clone_id, user_id)
        REFERENCES clones (id, user_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_unanswered_questions_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_user_unanswered ON unanswered_questions (user_id, clone_id, last_asked_at);
CREATE INDEX idx_old_unanswered ON unanswered_questions (last_asked_at);
