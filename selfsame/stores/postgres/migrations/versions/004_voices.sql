-- Voice models, kept like faces: owners see theirs, the keeper sees whose they are and may delete them, and files go with
-- the row that names them. Frozen: later changes are later migrations.

CREATE TABLE voice_models (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    clone_id UUID NOT NULL,
    status VARCHAR(20) DEFAULT 'draft' NOT NULL,
    provider VARCHAR(50) DEFAULT '' NOT NULL,
    sample_rate INTEGER DEFAULT 0 NOT NULL,
    quality_score FLOAT(53) DEFAULT 0 NOT NULL,
    model_path TEXT NOT NULL,
    details JSONB DEFAULT '{}'::jsonb NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_voice_models PRIMARY KEY (id),
    CONSTRAINT ck_voice_models_status CHECK (status IN ('draft', 'active', 'replaced')),
    CONSTRAINT fk_voice_models_clone_id_user_id FOREIGN KEY(clone_id, user_id) REFERENCES clones (id, user_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_voice_models_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX idx_active_voices ON voice_models (clone_id) WHERE status = 'active';
CREATE INDEX idx_user_voices ON voice_models (user_id, created_at);

ALTER TABLE voice_models ENABLE ROW LEVEL SECURITY;
ALTER TABLE voice_models FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON voice_models TO selfsame_app;
CREATE POLICY own_rows ON voice_models TO selfsame_app
    USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid))
    WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
CREATE POLICY keeping ON voice_models TO selfsame_keeper USING (true) WITH CHECK (true);
GRANT SELECT (id, user_id, clone_id), DELETE ON voice_models TO selfsame_keeper;

CREATE TRIGGER files_follow AFTER DELETE ON voice_models FOR EACH ROW EXECUTE FUNCTION order_erasure('model_path');

-- The recording's SHA-256, its text, the name, the date and the scores of a spoken consent; null for others.
ALTER TABLE consents ADD COLUMN evidence JSONB;
