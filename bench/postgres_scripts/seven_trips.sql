\set client random(1, 10000)
BEGIN;
SELECT level, settings FROM keys WHERE company_id = 'company' AND secret_hash = '\x01';
SELECT c.*, e.*, d.* FROM clients c JOIN enablements e USING (company_id, client_id) JOIN documents d USING (company_id, client_id) WHERE c.company_id = 'company' AND c.client_id = lpad((:client)::text, 32, '0');
UPDATE clients SET version = version + 1, chain_length = chain_length + 1, status = 'pending' WHERE company_id = 'company' AND client_id = lpad((:client)::text, 32, '0');
INSERT INTO messages (company_id, state, due_at_ms, body) VALUES ('company', 'pending', 1, decode(repeat('ab', 200), 'hex'));
INSERT INTO entries (company_id, owner, action, digest, hash) VALUES ('company', lpad((:client)::text, 32, '0'), 'product_submitted', decode(repeat('ab', 32), 'hex'), decode(repeat('ab', 32), 'hex'));
COMMIT;
