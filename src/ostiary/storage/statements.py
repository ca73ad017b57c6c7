"""Every statement of the request path, in SQL that SQLite and PostgreSQL share. Each names the company.

Parameters are numbered (`?1`). The few that serve the whole installation (the worker's claim, the operator's
lists of companies, the sweepers) say so.
"""

# ---- companies and keys ---------------------------------------------------------------------------------------------

COMPANY_COLUMNS = (
    "c.company_id, c.environment, c.version, c.data_key, c.settings, c.chain_length, c.chain_head, c.created_at_ms"
)
KEY_COLUMNS = (
    "k.key_id, k.company_id, k.level, k.secret_hash, k.created_at_ms, k.allowed, k.revoked_at_ms, k.expires_at_ms"
)
COMPANY_OF_KEY = f"""SELECT {KEY_COLUMNS}, {COMPANY_COLUMNS}
  FROM api_keys k JOIN companies c ON c.company_id = k.company_id
 WHERE k.company_id = ?1 AND k.secret_hash = ?2"""  # noqa: S608
COMPANY = f"SELECT {COMPANY_COLUMNS} FROM companies c WHERE c.company_id = ?1"  # noqa: S608
COMPANIES = f"SELECT {COMPANY_COLUMNS} FROM companies c ORDER BY c.company_id"  # noqa: S608 (the operator's list)
KEYS = f"SELECT {KEY_COLUMNS} FROM api_keys k WHERE k.company_id = ?1 ORDER BY k.key_id"  # noqa: S608
KEY_BY_ID = f"SELECT {KEY_COLUMNS} FROM api_keys k WHERE k.key_id = ?1"  # noqa: S608 (operators know only the key's id)
ADD_COMPANY = "INSERT INTO companies VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING"
CHANGE_COMPANY = """UPDATE companies SET version = version + 1, settings = ?3, chain_length = ?4, chain_head = ?5
 WHERE company_id = ?1 AND version = ?2"""
ADD_KEY = "INSERT INTO api_keys VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
CHANGE_KEY = (
    "UPDATE api_keys SET allowed = ?3, revoked_at_ms = ?4, expires_at_ms = ?5 WHERE company_id = ?1 AND key_id = ?2"
)

# ---- clients --------------------------------------------------------------------------------------------------------

CLIENT_COLUMNS = (
    "client_id, company_id, version, status, data_key, details, chain_length, chain_head, created_at_ms, updated_at_ms"
)
CLIENT = f"SELECT {CLIENT_COLUMNS} FROM clients WHERE company_id = ?1 AND client_id = ?2"  # noqa: S608
CLIENT_BY_EMAIL = f"SELECT {CLIENT_COLUMNS} FROM clients WHERE company_id = ?1 AND email_mark = ?2"  # noqa: S608
CLIENTS = f"""SELECT {CLIENT_COLUMNS} FROM clients WHERE company_id = ?1 AND client_id < ?2
 ORDER BY client_id DESC LIMIT ?3"""  # noqa: S608
CLIENTS_BY_STATUS = f"""SELECT {CLIENT_COLUMNS} FROM clients WHERE company_id = ?1 AND client_id < ?2 AND status = ?4
 ORDER BY client_id DESC LIMIT ?3"""  # noqa: S608
ADD_CLIENT = """INSERT INTO clients (company_id, client_id, version, status, email_mark, data_key, details,
 chain_length, chain_head, created_at_ms, updated_at_ms) VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
 ON CONFLICT DO NOTHING"""
CHANGE_CLIENT = """UPDATE clients SET version = version + 1, status = ?4, chain_length = ?5, chain_head = ?6,
 updated_at_ms = ?7, email_mark = ?8, details = ?9 WHERE company_id = ?1 AND client_id = ?2 AND version = ?3"""
TOUCH_CLIENT = """UPDATE clients SET version = version + 1, status = ?4, chain_length = ?5, chain_head = ?6,
 updated_at_ms = ?7 WHERE company_id = ?1 AND client_id = ?2 AND version = ?3"""

# ---- enablements ----------------------------------------------------------------------------------------------------

ENABLEMENT_COLUMNS = """enablement_id, company_id, client_id, product, catalogue_version, status, attempt, sequence,
 rejection, review, review_since_ms, created_at_ms, updated_at_ms, private_note"""
ENABLEMENTS = f"""SELECT {ENABLEMENT_COLUMNS} FROM enablements WHERE company_id = ?1 AND client_id = ?2
 ORDER BY enablement_id DESC"""  # noqa: S608
IN_REVIEW = f"""SELECT {ENABLEMENT_COLUMNS} FROM enablements WHERE company_id = ?1 AND review IS NOT NULL
 ORDER BY review_since_ms"""  # noqa: S608
CLIENT_OF_REQUEST = """SELECT client_id FROM enablements WHERE company_id = ?1 AND enablement_id = ?2"""
ADD_ENABLEMENT = """INSERT INTO enablements (enablement_id, company_id, client_id, product, catalogue_version, status,
 attempt, sequence, rejection, review, review_since_ms, created_at_ms, updated_at_ms, private_note)
 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) ON CONFLICT DO NOTHING"""
CHANGE_ENABLEMENT = """UPDATE enablements SET status = ?4, attempt = ?5, sequence = ?6, rejection = ?7, review = ?8,
 review_since_ms = ?9, updated_at_ms = ?10, private_note = ?11
 WHERE company_id = ?1 AND client_id = ?2 AND enablement_id = ?3"""
STATUS_COUNTS = """SELECT status, count(*) FROM enablements WHERE company_id = ?1 GROUP BY status"""

# ---- documents ------------------------------------------------------------------------------------------------------

DOCUMENT_COLUMNS = "document_id, company_id, client_id, type, status, facts, created_at_ms, reading"
DOCUMENTS = f"""SELECT {DOCUMENT_COLUMNS} FROM documents WHERE company_id = ?1 AND client_id = ?2
 AND status <> 'replaced'"""  # noqa: S608
DOCUMENT = """SELECT 1 FROM documents WHERE company_id = ?1 AND client_id = ?2 AND document_id = ?3"""
ADD_DOCUMENT = """INSERT INTO documents (company_id, client_id, document_id, type, status, facts, created_at_ms)
 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING"""
CHANGE_DOCUMENT = """UPDATE documents SET status = ?4 WHERE company_id = ?1 AND client_id = ?2 AND document_id = ?3"""
READ_DOCUMENT = "UPDATE documents SET reading = ?4 WHERE company_id = ?1 AND client_id = ?2 AND document_id = ?3"
ADD_LIKENESS = "INSERT INTO likenesses VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"
LOOK_ALIKES = """SELECT client_id, document_id FROM likenesses WHERE company_id = ?1 AND band_mark = ?2
 AND client_id <> ?3 ORDER BY client_id LIMIT ?4"""
NUMBER_HOLDER = "SELECT client_id FROM document_numbers WHERE company_id = ?1 AND number_mark = ?2"
HOLDS_NUMBER = "SELECT 1 FROM document_numbers WHERE company_id = ?1 AND client_id = ?2 AND document_id = ?3"
CLAIM_NUMBER = """INSERT INTO document_numbers VALUES (?1, ?2, ?3, ?4) ON CONFLICT (company_id, number_mark)
 DO UPDATE SET document_id = ?4 WHERE document_numbers.client_id = ?3"""
RELEASE_NUMBER = "DELETE FROM document_numbers WHERE company_id = ?1 AND client_id = ?2 AND document_id = ?3"
REFUSED_PICTURES = "SELECT picture_mark FROM refused_pictures WHERE company_id = ?1 AND client_id = ?2"
REFUSED_PICTURE = """SELECT 1 FROM refused_pictures WHERE company_id = ?1 AND client_id = ?2 AND picture_mark = ?3"""
REFUSE_PICTURE = "INSERT INTO refused_pictures VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"

# ---- screening ------------------------------------------------------------------------------------------------------

HITS = """SELECT hit_mark, state, evidence, found_at_ms FROM screening_hits WHERE company_id = ?1 AND client_id = ?2
 ORDER BY found_at_ms"""
ADD_HIT = """INSERT INTO screening_hits VALUES (?1, ?2, ?3, 'open', ?4, ?5)
 ON CONFLICT (company_id, client_id, hit_mark) DO UPDATE SET evidence = ?4 WHERE screening_hits.state = 'open'"""
DECIDE_HIT = "UPDATE screening_hits SET state = ?4 WHERE company_id = ?1 AND client_id = ?2 AND hit_mark = ?3"
SCREENING = "SELECT lists, subject_mark, at_ms FROM screenings WHERE company_id = ?1 AND client_id = ?2"
SCREENED = """INSERT INTO screenings VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (company_id, client_id)
 DO UPDATE SET lists = ?3, subject_mark = ?4, at_ms = ?5"""

# ---- answers under idempotency keys ---------------------------------------------------------------------------------

ANSWER = """SELECT content, lease, leased_until_ms, status, body, created_at_ms FROM answers
 WHERE company_id = ?1 AND mark = ?2"""
BEGIN_ANSWER = """INSERT INTO answers VALUES (?1, ?2, ?3, ?4, ?5, NULL, NULL, ?6) ON CONFLICT (company_id, mark)
 DO UPDATE SET content = ?3, lease = ?4, leased_until_ms = ?5, status = NULL, body = NULL, created_at_ms = ?6
 WHERE answers.created_at_ms <= ?7
    OR (answers.status IS NULL AND answers.leased_until_ms <= ?6 AND answers.content = ?3)"""
END_ANSWER = """UPDATE answers SET lease = NULL, leased_until_ms = 0, status = ?4, body = ?5
 WHERE company_id = ?1 AND mark = ?2 AND lease = ?3 AND status IS NULL"""
FORGET_ANSWER = "DELETE FROM answers WHERE company_id = ?1 AND mark = ?2 AND lease = ?3 AND status IS NULL"
SWEPT_TOGETHER = 500
"""Old answers are removed in batches small enough not to hold up a commit."""
SWEEP_ANSWERS = f"""DELETE FROM answers WHERE (company_id, mark) IN (SELECT company_id, mark FROM answers
 WHERE created_at_ms <= ?1 ORDER BY created_at_ms LIMIT {SWEPT_TOGETHER})"""  # noqa: S608

# ---- audit ----------------------------------------------------------------------------------------------------------

ADD_ENTRY = "INSERT INTO audit_entries VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
ENTRY_COLUMNS = "company_id, owner, position, at_ms, action, actor, subject, codes, digest, hash"
ENTRIES = f"""SELECT {ENTRY_COLUMNS} FROM audit_entries WHERE company_id = ?1 AND owner = ?2
 ORDER BY position"""  # noqa: S608
ALL_ENTRIES = f"SELECT {ENTRY_COLUMNS} FROM audit_entries ORDER BY company_id, owner, position"  # noqa: S608
ALL_CHAINS = """SELECT company_id, company_id, chain_length, chain_head FROM companies
 UNION ALL SELECT company_id, client_id, chain_length, chain_head FROM clients ORDER BY 1, 2"""

# ---- installation ---------------------------------------------------------------------------------------------------

INSTALLATION = "SELECT name, value FROM installation"
INSTALLED = "SELECT value FROM installation WHERE name = ?1"
ADD_INSTALLATION = "INSERT INTO installation VALUES (?1, ?2) ON CONFLICT DO NOTHING"
CATALOGUES = "SELECT version, source FROM catalogues ORDER BY added_at_ms DESC"
CATALOGUE = "SELECT source FROM catalogues WHERE version = ?1"
ADD_CATALOGUE = "INSERT INTO catalogues VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"
