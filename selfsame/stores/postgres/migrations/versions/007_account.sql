-- Signing in, providers' keys, reports and ratings of answers, the audit log. Frozen: later changes are later migrations.

CREATE TABLE sign_in_codes (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    code_hash VARCHAR(64) NOT NULL,
    tries INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_sign_in_codes PRIMARY KEY (id),
    CONSTRAINT fk_sign_in_codes_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_user_codes ON sign_in_codes (user_id);

CREATE TABLE signed_in_devices (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    secret_hash VARCHAR(64) NOT NULL,
    device_hash VARCHAR(64) NOT NULL,
    name VARCHAR(200) DEFAULT '' NOT NULL,
    address VARCHAR(64) DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_signed_in_devices PRIMARY KEY (id),
    CONSTRAINT fk_signed_in_devices_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT uq_signed_in_devices_secret_hash UNIQUE (secret_hash)
);
CREATE INDEX idx_user_signed_in ON signed_in_devices (user_id, last_seen_at);

CREATE TABLE api_keys (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    provider VARCHAR(30) NOT NULL,
    sealed BYTEA NOT NULL,
    base_url VARCHAR(500) DEFAULT '' NOT NULL,
    model VARCHAR(100) DEFAULT '' NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    check_state VARCHAR(20) DEFAULT '' NOT NULL,
    check_message TEXT DEFAULT '' NOT NULL,
    checked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_api_keys PRIMARY KEY (id),
    CONSTRAINT uq_api_keys_user_id_provider UNIQUE (user_id, provider),
    CONSTRAINT fk_api_keys_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE answer_reports (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    clone_id UUID NOT NULL,
    reporter_id UUID NOT NULL,
    session_id UUID NOT NULL,
    turn INTEGER NOT NULL,
    reason VARCHAR(30) NOT NULL,
    words TEXT DEFAULT '' NOT NULL,
    question TEXT,
    answer TEXT,
    copied BOOLEAN DEFAULT false NOT NULL,
    status VARCHAR(20) DEFAULT 'open' NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    resolved_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_answer_reports PRIMARY KEY (id),
    CONSTRAINT ck_answer_reports_status CHECK (status IN ('open', 'resolved')),
    CONSTRAINT fk_answer_reports_clone_id_user_id FOREIGN KEY(clone_id, user_id) REFERENCES clones (id, user_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT uq_answer_reports_session_id_turn_reporter_id UNIQUE (session_id, turn, reporter_id),
    CONSTRAINT fk_answer_reports_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_answer_reports_reporter_id FOREIGN KEY(reporter_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_answer_reports_session_id FOREIGN KEY(session_id) REFERENCES conversation_sessions (id) ON DELETE CASCADE
);
CREATE INDEX idx_old_reports ON answer_reports (created_at);
CREATE INDEX idx_reporters ON answer_reports (reporter_id);
CREATE INDEX idx_user_reports ON answer_reports (user_id, created_at);

CREATE TABLE conversation_ratings (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    clone_id UUID NOT NULL,
    rater_id UUID NOT NULL,
    session_id UUID NOT NULL,
    rating INTEGER NOT NULL,
    words TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_conversation_ratings PRIMARY KEY (id),
    CONSTRAINT ck_conversation_ratings_rating CHECK (rating BETWEEN 1 AND 5),
    CONSTRAINT fk_conversation_ratings_clone_id_user_id FOREIGN KEY(clone_id, user_id) REFERENCES clones (id, user_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT uq_conversation_ratings_session_id_rater_id UNIQUE (session_id, rater_id),
    CONSTRAINT fk_conversation_ratings_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_conversation_ratings_rater_id FOREIGN KEY(rater_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_conversation_ratings_session_id FOREIGN KEY(session_id) REFERENCES conversation_sessions (id) ON DELETE CASCADE
);
CREATE INDEX idx_raters ON conversation_ratings (rater_id);
CREATE INDEX idx_user_ratings ON conversation_ratings (user_id, created_at);

CREATE TABLE audit_log (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    action VARCHAR(50) NOT NULL,
    resource VARCHAR(200) DEFAULT '' NOT NULL,
    result VARCHAR(10) NOT NULL,
    ip_address VARCHAR(64) DEFAULT '' NOT NULL,
    user_agent VARCHAR(300) DEFAULT '' NOT NULL,
    details JSONB DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT pk_audit_log PRIMARY KEY (id),
    CONSTRAINT ck_audit_log_result CHECK (result IN ('success', 'failure')),
    CONSTRAINT fk_audit_log_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_old_audit ON audit_log (created_at);
CREATE INDEX idx_user_audit ON audit_log (user_id, created_at);
