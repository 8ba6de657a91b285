-- Pictures that owners give to their products.
-- Frozen: later changes are later migrations.

CREATE TABLE product_pictures (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    clone_id UUID NOT NULL,
    document_id UUID NOT NULL,
    product_id UUID NOT NULL,
    product_key UUID NOT NULL,
    place INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    size INTEGER NOT NULL,
    file_hash VARCHAR(64) NOT NULL,
    path TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_product_pictures PRIMARY KEY (id),
    CONSTRAINT fk_product_pictures_clone_id_user_id FOREIGN KEY(clone_id, user_id) REFERENCES clones (id, user_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_product_pictures_document_id_user_id FOREIGN KEY(document_id, user_id) REFERENCES knowledge_documents (id, user_id) ON DELETE CASCADE ON UPDATE CASCADE,
    -- Checked at the end of a transaction: a document that is read anew gets new rows of products in between.
    CONSTRAINT fk_product_pictures_product_id_user_id FOREIGN KEY(product_id, user_id) REFERENCES products (id, user_id) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_product_pictures_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_product_pictures ON product_pictures (product_id, place);
CREATE INDEX idx_clone_product_pictures ON product_pictures (clone_id);
CREATE INDEX idx_document_product_pictures ON product_pictures (document_id);

-- Owners see their own; nobody else sees any of it. Visitors are shown a picture on the owner's behalf.

ALTER TABLE product_pictures ENABLE ROW LEVEL SECURITY;
ALTER TABLE product_pictures FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON product_pictures TO selfsame_app;
CREATE POLICY own_rows ON product_pictures TO selfsame_app
    USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid))
    WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));

-- The files of a picture go when its row goes, whatever made it go.
CREATE TRIGGER files_follow AFTER DELETE ON product_pictures FOR EACH ROW EXECUTE FUNCTION order_erasure('path');
