-- Rows of the sizes that Ostiary's have, with its keys, for pgbench: what a submit touches, and nothing else.
CREATE TABLE keys (company_id text COLLATE "C", secret_hash bytea, level bigint, settings bytea, PRIMARY KEY (company_id, secret_hash));
CREATE TABLE clients (company_id text COLLATE "C", client_id text COLLATE "C", version bigint, status text, details bytea, data_key bytea, chain_length bigint, chain_head bytea, PRIMARY KEY (company_id, client_id));
CREATE TABLE enablements (company_id text COLLATE "C", client_id text COLLATE "C", enablement_id text COLLATE "C", status text, attempt bigint, PRIMARY KEY (company_id, client_id, enablement_id));
CREATE TABLE documents (company_id text COLLATE "C", client_id text COLLATE "C", document_id text COLLATE "C", facts bytea, PRIMARY KEY (company_id, client_id, document_id));
CREATE TABLE messages (company_id text COLLATE "C", message_id uuid DEFAULT gen_random_uuid(), state text, due_at_ms bigint, body bytea, PRIMARY KEY (company_id, message_id));
CREATE INDEX messages_waiting ON messages (company_id, due_at_ms) WHERE state = 'pending';
CREATE TABLE entries (company_id text COLLATE "C", owner text COLLATE "C", entry_id uuid DEFAULT gen_random_uuid(), action text, digest bytea, hash bytea, PRIMARY KEY (company_id, owner, entry_id));
INSERT INTO keys VALUES ('company', '\x01', 3, decode(repeat('ab', 600), 'hex'));
INSERT INTO clients SELECT 'company', lpad(i::text, 32, '0'), 1, 'pending', decode(repeat('ab', 700), 'hex'), decode(repeat('ab', 61), 'hex'), 3, decode(repeat('ab', 32), 'hex') FROM generate_series(1, 10000) i;
INSERT INTO enablements SELECT 'company', lpad(i::text, 32, '0'), lpad(i::text, 32, '0'), 'pending', 0 FROM generate_series(1, 10000) i;
INSERT INTO documents SELECT 'company', lpad(i::text, 32, '0'), lpad(i::text, 32, '0'), decode(repeat('ab', 400), 'hex') FROM generate_series(1, 10000) i;
VACUUM ANALYZE;
