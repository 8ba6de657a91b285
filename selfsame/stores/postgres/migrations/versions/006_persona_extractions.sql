CREATE TABLE persona_extractions (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    clone_id UUID NOT NULL,
    source VARCHAR(300) DEFAULT '' NOT NULL,
    engine VARCHAR(200) DEFAULT '' NOT NULL,
    profile JSONB DEFAULT '{}'::jsonb NOT NULL,
    measured JSONB DEFAULT '{}'::jsonb NOT NULL,
    evidence JSONB DEFAULT '{}'::jsonb NOT NULL,
    figures JSONB DEFAULT '{}'::jsonb NOT NULL,
    notes JSONB DEFAULT '[]'::jsonb NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_persona_extractions PRIMARY KEY (id),
    CONSTRAINT fk_persona_extractions_clone_id_user_id FOREIGN KEY(clone_id, user_id) REFERENCES clones (id, user_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_persona_extractions_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_clone_extractions ON persona_extractions (clone_id, created_at);
CREATE INDEX idx_user_extractions ON persona_extractions (user_id);

ALTER TABLE persona_extractions ENABLE ROW LEVEL SECURITY;
ALTER TABLE persona_extractions FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON persona_extractions TO selfsame_app;
CREATE POLICY own_rows ON persona_extractions TO selfsame_app
    USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid))
    WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
