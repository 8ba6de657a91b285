-- Jobs, their workers, and what jobs make: face models and clips. Frozen: later changes are later migrations.
-- A job without a user is the house's own.

CREATE TABLE jobs (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID,
    kind VARCHAR(50) NOT NULL,
    state VARCHAR(20) DEFAULT 'pending' NOT NULL,
    args JSONB DEFAULT '{}'::jsonb NOT NULL,
    steps JSONB DEFAULT '{}'::jsonb NOT NULL,
    result JSONB,
    progress FLOAT(53) DEFAULT 0 NOT NULL,
    message TEXT DEFAULT '' NOT NULL,
    error_code VARCHAR(50),
    error_message TEXT,
    consent VARCHAR(20),
    idempotency_key VARCHAR(200),
    attempt INTEGER DEFAULT 0 NOT NULL,
    tries INTEGER DEFAULT 0 NOT NULL,
    cancel_requested BOOLEAN DEFAULT false NOT NULL,
    worker VARCHAR(300),
    run_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    lease_until TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_jobs PRIMARY KEY (id),
    CONSTRAINT ck_jobs_state CHECK (state IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
    CONSTRAINT uq_jobs_user_id_kind_idempotency_key UNIQUE (user_id, kind, idempotency_key),
    CONSTRAINT fk_jobs_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_finished_jobs ON jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX idx_pending_jobs ON jobs (run_at) WHERE state = 'pending';
CREATE INDEX idx_running_jobs ON jobs (kind, user_id) WHERE state = 'running';
CREATE INDEX idx_user_jobs ON jobs (user_id, created_at);

CREATE TABLE job_workers (
    id VARCHAR(300) NOT NULL,
    host VARCHAR(255) NOT NULL,
    process INTEGER NOT NULL,
    kinds JSONB DEFAULT '[]'::jsonb NOT NULL,
    slots INTEGER DEFAULT 0 NOT NULL,
    running INTEGER DEFAULT 0 NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_job_workers PRIMARY KEY (id)
);

CREATE TABLE face_models (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    clone_id UUID NOT NULL,
    status VARCHAR(20) DEFAULT 'draft' NOT NULL,
    tier VARCHAR(50) DEFAULT '' NOT NULL,
    resolution INTEGER DEFAULT 0 NOT NULL,
    quality_score FLOAT(53) DEFAULT 0 NOT NULL,
    model_path TEXT NOT NULL,
    details JSONB DEFAULT '{}'::jsonb NOT NULL,
    rig_hash VARCHAR(64) DEFAULT '' NOT NULL,
    fictional BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_face_models PRIMARY KEY (id),
    CONSTRAINT ck_face_models_status CHECK (status IN ('draft', 'active', 'replaced')),
    CONSTRAINT fk_face_models_clone_id_user_id FOREIGN KEY(clone_id, user_id) REFERENCES clones (id, user_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_face_models_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX idx_active_faces ON face_models (clone_id) WHERE status = 'active';
CREATE INDEX idx_user_faces ON face_models (user_id, created_at);

CREATE TABLE clips (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    clone_id UUID NOT NULL,
    content_key VARCHAR(128) NOT NULL,
    job_id UUID,
    state VARCHAR(20) DEFAULT 'pending' NOT NULL,
    script TEXT NOT NULL,
    language VARCHAR(10) DEFAULT 'EN' NOT NULL,
    width INTEGER DEFAULT 0 NOT NULL,
    height INTEGER DEFAULT 0 NOT NULL,
    path TEXT NOT NULL,
    files JSONB DEFAULT '{}'::jsonb NOT NULL,
    timings JSONB DEFAULT '{}'::jsonb NOT NULL,
    progress FLOAT(53) DEFAULT 0 NOT NULL,
    message TEXT DEFAULT '' NOT NULL,
    error_message TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_clips PRIMARY KEY (id),
    CONSTRAINT ck_clips_state CHECK (state IN ('pending', 'ready', 'failed')),
    CONSTRAINT uq_clips_user_id_content_key UNIQUE (user_id, content_key),
    CONSTRAINT fk_clips_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_clips_clone_id FOREIGN KEY(clone_id) REFERENCES clones (id) ON DELETE CASCADE
);
CREATE INDEX idx_clip_clones ON clips (clone_id);
CREATE INDEX idx_clip_expiry ON clips (expires_at);
