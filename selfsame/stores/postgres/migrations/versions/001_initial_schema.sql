-- The first schema. Frozen: later changes are later migrations.
-- Every row has its owner in user_id; composite foreign keys keep a child with its parent's owner.

CREATE TABLE users (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    email VARCHAR(255) NOT NULL,
    name VARCHAR(255) NOT NULL,
    kind VARCHAR(20) DEFAULT 'account' NOT NULL,
    subscription_tier VARCHAR(50) DEFAULT 'free' NOT NULL,
    settings JSONB DEFAULT '{}'::jsonb NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT uq_users_email UNIQUE (email)
);

CREATE TABLE clones (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    slug VARCHAR(100) NOT NULL,
    name VARCHAR(255) NOT NULL,
    language VARCHAR(10) DEFAULT 'EN' NOT NULL,
    public BOOLEAN DEFAULT false NOT NULL,
    knowledge_version INTEGER DEFAULT 0 NOT NULL,
    embedding_model VARCHAR(255),
    embedding_width INTEGER,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_clones PRIMARY KEY (id),
    CONSTRAINT uq_clones_id_user_id UNIQUE (id, user_id),
    CONSTRAINT fk_clones_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT uq_clones_slug UNIQUE (slug)
);
CREATE INDEX idx_clone_users ON clones (user_id);

CREATE TABLE consents (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    subject VARCHAR(20) NOT NULL,
    granted_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_consents PRIMARY KEY (id),
    CONSTRAINT fk_consents_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_user_consents ON consents (user_id, subject);

CREATE TABLE devices (
    device_hash VARCHAR(64) NOT NULL,
    user_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_devices PRIMARY KEY (device_hash),
    CONSTRAINT fk_devices_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_device_users ON devices (user_id);

CREATE TABLE conversation_sessions (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    clone_id UUID NOT NULL,
    state VARCHAR(50) DEFAULT 'active' NOT NULL,
    language VARCHAR(10) DEFAULT 'auto' NOT NULL,
    mode VARCHAR(20) DEFAULT 'planning' NOT NULL,
    keep_transcripts BOOLEAN DEFAULT false NOT NULL,
    total_turns INTEGER DEFAULT 0 NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    last_activity_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_conversation_sessions PRIMARY KEY (id),
    CONSTRAINT uq_conversation_sessions_id_user_id UNIQUE (id, user_id),
    CONSTRAINT fk_conversation_sessions_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_conversation_sessions_clone_id FOREIGN KEY(clone_id) REFERENCES clones (id) ON DELETE CASCADE
);
CREATE INDEX idx_open_sessions ON conversation_sessions (last_activity_at) WHERE ended_at IS NULL;
CREATE INDEX idx_session_clones ON conversation_sessions (clone_id);
CREATE INDEX idx_user_sessions ON conversation_sessions (user_id, started_at);

CREATE TABLE knowledge_documents (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    clone_id UUID NOT NULL,
    filename VARCHAR(255) NOT NULL,
    title TEXT NOT NULL,
    content_type VARCHAR(100) NOT NULL,
    content_hash VARCHAR(64) NOT NULL,
    language VARCHAR(10) DEFAULT 'EN' NOT NULL,
    status VARCHAR(50) DEFAULT 'pending' NOT NULL,
    error_message TEXT,
    source_url TEXT,
    chunk_count INTEGER DEFAULT 0 NOT NULL,
    uploaded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_knowledge_documents PRIMARY KEY (id),
    CONSTRAINT fk_knowledge_documents_clone_id_user_id FOREIGN KEY(clone_id, user_id) REFERENCES clones (id, user_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT uq_knowledge_documents_id_user_id UNIQUE (id, user_id),
    CONSTRAINT fk_knowledge_documents_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_clone_documents ON knowledge_documents (clone_id, content_hash);
CREATE INDEX idx_user_documents ON knowledge_documents (user_id, uploaded_at);

CREATE TABLE personas (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    clone_id UUID NOT NULL,
    name VARCHAR(255) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_personas PRIMARY KEY (id),
    CONSTRAINT fk_personas_clone_id_user_id FOREIGN KEY(clone_id, user_id) REFERENCES clones (id, user_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT uq_personas_id_user_id UNIQUE (id, user_id),
    CONSTRAINT fk_personas_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT uq_personas_clone_id UNIQUE (clone_id)
);

CREATE TABLE conversation_turns (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    session_id UUID NOT NULL,
    turn INTEGER NOT NULL,
    message_id TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    language VARCHAR(10) DEFAULT 'EN' NOT NULL,
    user_transcript TEXT,
    llm_response TEXT,
    transcript_confidence FLOAT(53) DEFAULT 0 NOT NULL,
    user_audio_ms FLOAT(53) DEFAULT 0 NOT NULL,
    response_audio_ms FLOAT(53) DEFAULT 0 NOT NULL,
    heard_ms FLOAT(53) DEFAULT 0 NOT NULL,
    interrupted BOOLEAN DEFAULT false NOT NULL,
    asr_latency_ms FLOAT(53) DEFAULT 0 NOT NULL,
    endpointing_ms FLOAT(53) DEFAULT 0 NOT NULL,
    rag_latency_ms FLOAT(53) DEFAULT 0 NOT NULL,
    llm_latency_ms FLOAT(53) DEFAULT 0 NOT NULL,
    tts_latency_ms FLOAT(53) DEFAULT 0 NOT NULL,
    total_latency_ms FLOAT(53) DEFAULT 0 NOT NULL,
    asr_cost NUMERIC(12, 6) DEFAULT 0 NOT NULL,
    llm_cost NUMERIC(12, 6) DEFAULT 0 NOT NULL,
    tts_cost NUMERIC(12, 6) DEFAULT 0 NOT NULL,
    total_cost NUMERIC(12, 6) DEFAULT 0 NOT NULL,
    model TEXT DEFAULT '' NOT NULL,
    speculated BOOLEAN DEFAULT false NOT NULL,
    sources JSONB DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT pk_conversation_turns PRIMARY KEY (id),
    CONSTRAINT fk_conversation_turns_session_id_user_id FOREIGN KEY(session_id, user_id) REFERENCES conversation_sessions (id, user_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT uq_conversation_turns_session_id_turn UNIQUE (session_id, turn),
    CONSTRAINT uq_conversation_turns_session_id_message_id UNIQUE (session_id, message_id),
    CONSTRAINT fk_conversation_turns_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_kept_turns ON conversation_turns (created_at) WHERE user_transcript IS NOT NULL OR llm_response IS NOT NULL;
CREATE INDEX idx_user_turns ON conversation_turns (user_id, created_at);

CREATE TABLE knowledge_chunks (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    clone_id UUID NOT NULL,
    document_id UUID NOT NULL,
    chunk_index INTEGER NOT NULL,
    content TEXT NOT NULL,
    heading TEXT DEFAULT '' NOT NULL,
    locator TEXT DEFAULT '' NOT NULL,
    question TEXT,
    source_type VARCHAR(20) DEFAULT 'document' NOT NULL,
    language VARCHAR(10) DEFAULT 'EN' NOT NULL,
    start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL,
    model_id VARCHAR(255) NOT NULL,
    embedding HALFVEC(384) NOT NULL,
    tsv TSVECTOR GENERATED ALWAYS AS (CASE language
WHEN 'EN' THEN setweight(to_tsvector('english', coalesce(question, '') || ' ' || heading), 'A')
 || to_tsvector('english', content)
WHEN 'ES' THEN setweight(to_tsvector('spanish', coalesce(question, '') || ' ' || heading), 'A')
 || to_tsvector('spanish', content)
ELSE setweight(to_tsvector('simple',
 regexp_replace(coalesce(question, '') || ' ' || heading, '([一-鿿])', ' \1 ', 'g')), 'A')
 || to_tsvector('simple', regexp_replace(content, '([一-鿿])', ' \1 ', 'g')) END) STORED,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_knowledge_chunks PRIMARY KEY (id),
    CONSTRAINT fk_knowledge_chunks_document_id_user_id FOREIGN KEY(document_id, user_id) REFERENCES knowledge_documents (id, user_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT uq_knowledge_chunks_document_id_chunk_index UNIQUE (document_id, chunk_index),
    CONSTRAINT fk_knowledge_chunks_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_user_chunks ON knowledge_chunks (user_id, clone_id);

CREATE TABLE persona_profiles (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    persona_id UUID NOT NULL,
    auto_extracted JSONB DEFAULT '{}'::jsonb NOT NULL,
    manual_overrides JSONB,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_persona_profiles PRIMARY KEY (id),
    CONSTRAINT fk_persona_profiles_persona_id_user_id FOREIGN KEY(persona_id, user_id) REFERENCES personas (id, user_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_persona_profiles_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT uq_persona_profiles_persona_id UNIQUE (persona_id)
);

-- Halves of 384 numbers are 776 bytes: plain storage keeps them in the row, uncompressed, for the exact scan.
ALTER TABLE knowledge_chunks ALTER COLUMN embedding SET STORAGE PLAIN;
