-- What owners upload to their clone's knowledge, the products that their catalogues name, and what is said of each.
-- Frozen: later changes are later migrations.

CREATE TABLE knowledge_uploads (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    document_id UUID NOT NULL,
    kind VARCHAR(20) DEFAULT 'file' NOT NULL,
    file_hash VARCHAR(64) NOT NULL,
    size INTEGER DEFAULT 0 NOT NULL,
    path TEXT NOT NULL,
    job_id UUID,
    details JSONB DEFAULT '{}'::jsonb NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_knowledge_uploads PRIMARY KEY (id),
    CONSTRAINT fk_knowledge_uploads_document_id_user_id FOREIGN KEY(document_id, user_id) REFERENCES knowledge_documents (id, user_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_knowledge_uploads_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_document_uploads ON knowledge_uploads (document_id, created_at);
CREATE INDEX idx_user_uploads ON knowledge_uploads (user_id);

CREATE TABLE products (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    clone_id UUID NOT NULL,
    document_id UUID NOT NULL,
    "row" INTEGER NOT NULL,
    place INTEGER NOT NULL,
    sku TEXT DEFAULT '' NOT NULL,
    name TEXT NOT NULL,
    description TEXT DEFAULT '' NOT NULL,
    price NUMERIC(18, 4),
    currency VARCHAR(20) DEFAULT '' NOT NULL,
    url TEXT DEFAULT '' NOT NULL,
    image TEXT DEFAULT '' NOT NULL,
    category TEXT DEFAULT '' NOT NULL,
    brand TEXT DEFAULT '' NOT NULL,
    details JSONB DEFAULT '{}'::jsonb NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_products PRIMARY KEY (id),
    CONSTRAINT fk_products_clone_id_user_id FOREIGN KEY(clone_id, user_id) REFERENCES clones (id, user_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_products_document_id_user_id FOREIGN KEY(document_id, user_id) REFERENCES knowledge_documents (id, user_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_products_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT uq_products_id_user_id UNIQUE (id, user_id),
    CONSTRAINT uq_products_document_id_place UNIQUE (document_id, place)
);
CREATE INDEX idx_clone_products ON products (clone_id);

CREATE TABLE product_chunks (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    product_id UUID NOT NULL,
    content TEXT NOT NULL,
    chunk_index INTEGER NOT NULL,
    CONSTRAINT pk_product_chunks PRIMARY KEY (id),
    CONSTRAINT fk_product_chunks_product_id_user_id FOREIGN KEY(product_id, user_id) REFERENCES products (id, user_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_product_chunks_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_product_chunks ON product_chunks (product_id);

-- Owners see their own; nobody else sees any of it. A visitor hears of products through the chunks of a public clone.

DO $$
DECLARE
    part text;
    mine CONSTANT text := '(SELECT nullif(current_setting(''app.user_id'', true), '''')::uuid)';
BEGIN
    FOREACH part IN ARRAY ARRAY['knowledge_uploads', 'products', 'product_chunks'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', part);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO selfsame_app', part);
        EXECUTE format(
            'CREATE POLICY own_rows ON %I TO selfsame_app USING (user_id = %s) WITH CHECK (user_id = %s)', part, mine, mine
        );
    END LOOP;
END
$$;

-- The files of an upload go when its row goes, whatever made it go.
CREATE TRIGGER files_follow AFTER DELETE ON knowledge_uploads FOR EACH ROW EXECUTE FUNCTION order_erasure('path');
