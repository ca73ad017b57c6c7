"""The statements that end what the tables hold of one client, and count what there is. Every one finds its rows by a
key or an index: a client has a few of each, and its company millions.
"""

from __future__ import annotations

REMOVE_PAST_PROFILES = "DELETE FROM past_profiles WHERE company_id = ?1 AND client_id = ?2"
HELD_PAST_PROFILES = "SELECT count(*) FROM past_profiles WHERE company_id = ?1 AND client_id = ?2"
REMOVE_REMARKS = "DELETE FROM remarks WHERE company_id = ?1 AND client_id = ?2"
HELD_REMARKS = "SELECT count(*) FROM remarks WHERE company_id = ?1 AND client_id = ?2"
REMOVE_DRAFTS = "DELETE FROM review_drafts WHERE company_id = ?1 AND client_id = ?2"
HELD_DRAFTS = "SELECT count(*) FROM review_drafts WHERE company_id = ?1 AND client_id = ?2"
REMOVE_APPROVALS = "DELETE FROM approvals WHERE company_id = ?1 AND client_id = ?2"
HELD_APPROVALS = "SELECT count(*) FROM approvals WHERE company_id = ?1 AND client_id = ?2"
REMOVE_DEADLINES = "DELETE FROM deadlines WHERE company_id = ?1 AND client_id = ?2"
HELD_DEADLINES = "SELECT count(*) FROM deadlines WHERE company_id = ?1 AND client_id = ?2"
REMOVE_MESSAGES = "DELETE FROM messages WHERE company_id = ?1 AND client_id = ?2"
HELD_MESSAGES = "SELECT count(*) FROM messages WHERE company_id = ?1 AND client_id = ?2"
REMOVE_ANSWERS = "DELETE FROM answers WHERE company_id = ?1 AND client_id = ?2"
HELD_ANSWERS = "SELECT count(*) FROM answers WHERE company_id = ?1 AND client_id = ?2"
REMOVE_LINKS = "DELETE FROM onboarding_links WHERE company_id = ?1 AND client_id = ?2"
HELD_LINKS = "SELECT count(*) FROM onboarding_links WHERE company_id = ?1 AND client_id = ?2"
REMOVE_TERMS = "DELETE FROM terms_acceptances WHERE company_id = ?1 AND client_id = ?2"
HELD_TERMS = "SELECT count(*) FROM terms_acceptances WHERE company_id = ?1 AND client_id = ?2"
REMOVE_HITS = "DELETE FROM screening_hits WHERE company_id = ?1 AND client_id = ?2"
HELD_HITS = "SELECT count(*) FROM screening_hits WHERE company_id = ?1 AND client_id = ?2"
REMOVE_SCREENINGS = "DELETE FROM screenings WHERE company_id = ?1 AND client_id = ?2"
HELD_SCREENINGS = "SELECT count(*) FROM screenings WHERE company_id = ?1 AND client_id = ?2"
REMOVE_REFUSED_PICTURES = "DELETE FROM refused_pictures WHERE company_id = ?1 AND client_id = ?2"
HELD_REFUSED_PICTURES = "SELECT count(*) FROM refused_pictures WHERE company_id = ?1 AND client_id = ?2"
REMOVE_LIKENESSES = "DELETE FROM likenesses WHERE company_id = ?1 AND client_id = ?2"
HELD_LIKENESSES = "SELECT count(*) FROM likenesses WHERE company_id = ?1 AND client_id = ?2"
REMOVE_CONTESTED_NUMBERS = "DELETE FROM contested_numbers WHERE company_id = ?1 AND client_id = ?2"
HELD_CONTESTED_NUMBERS = "SELECT count(*) FROM contested_numbers WHERE company_id = ?1 AND client_id = ?2"
REMOVE_NUMBERS = "DELETE FROM document_numbers WHERE company_id = ?1 AND client_id = ?2"
HELD_NUMBERS = "SELECT count(*) FROM document_numbers WHERE company_id = ?1 AND client_id = ?2"
REMOVE_DOCUMENTS = "DELETE FROM documents WHERE company_id = ?1 AND client_id = ?2"
HELD_DOCUMENTS = "SELECT count(*) FROM documents WHERE company_id = ?1 AND client_id = ?2"
REMOVE_CHIPS = "DELETE FROM document_chips WHERE company_id = ?1 AND client_id = ?2"
HELD_CHIPS = "SELECT count(*) FROM document_chips WHERE company_id = ?1 AND client_id = ?2"
REMOVE_CHIP_MARKS = "DELETE FROM chip_marks WHERE company_id = ?1 AND client_id = ?2"
HELD_CHIP_MARKS = "SELECT count(*) FROM chip_marks WHERE company_id = ?1 AND client_id = ?2"
REMOVE_CHALLENGES = "DELETE FROM chip_challenges WHERE company_id = ?1 AND client_id = ?2"
HELD_CHALLENGES = "SELECT count(*) FROM chip_challenges WHERE company_id = ?1 AND client_id = ?2"
REMOVE_ENABLEMENTS = "DELETE FROM enablements WHERE company_id = ?1 AND client_id = ?2"
HELD_ENABLEMENTS = "SELECT count(*) FROM enablements WHERE company_id = ?1 AND client_id = ?2"
REMOVE_KEYS = "DELETE FROM import_keys WHERE company_id = ?1 AND client_id = ?2"
HELD_KEYS = "SELECT count(*) FROM import_keys WHERE company_id = ?1 AND client_id = ?2"
REMOVE_ROWS = "DELETE FROM import_rows WHERE company_id = ?1 AND client_id = ?2"
HELD_ROWS = "SELECT count(*) FROM import_rows WHERE company_id = ?1 AND client_id = ?2"
REMOVE_HOLDS = "DELETE FROM holds WHERE company_id = ?1 AND client_id = ?2"
HELD_HOLDS = "SELECT count(*) FROM holds WHERE company_id = ?1 AND client_id = ?2"
REMOVE_CLAIMS = """DELETE FROM review_claims WHERE company_id = ?1 AND enablement_id IN
 (SELECT enablement_id FROM enablements WHERE company_id = ?1 AND client_id = ?2)"""
HELD_CLAIMS = """SELECT count(*) FROM review_claims WHERE company_id = ?1 AND enablement_id IN
 (SELECT enablement_id FROM enablements WHERE company_id = ?1 AND client_id = ?2)"""
REMOVE_ATTEMPTS = """DELETE FROM attempts WHERE company_id = ?1 AND message_id IN
 (SELECT message_id FROM messages WHERE company_id = ?1 AND client_id = ?2)"""
HELD_ATTEMPTS = """SELECT count(*) FROM attempts WHERE company_id = ?1 AND message_id IN
 (SELECT message_id FROM messages WHERE company_id = ?1 AND client_id = ?2)"""
REMOVE_SESSIONS = """DELETE FROM onboarding_sessions WHERE company_id = ?1 AND link_id IN
 (SELECT link_id FROM onboarding_links WHERE company_id = ?1 AND client_id = ?2)"""
HELD_SESSIONS = """SELECT count(*) FROM onboarding_sessions WHERE company_id = ?1 AND link_id IN
 (SELECT link_id FROM onboarding_links WHERE company_id = ?1 AND client_id = ?2)"""
TAKE_MESSAGES = "UPDATE messages SET lease = NULL WHERE company_id = ?1 AND client_id = ?2"
"""First of all: whoever just settles one is waited for, and what he wrote is removed, too."""
TAKE_BYTES = """UPDATE stored_bytes SET bytes = bytes - (SELECT coalesce(sum(d.bytes), 0) FROM documents d
  WHERE d.company_id = ?1 AND d.client_id = ?2),
 documents = documents - (SELECT count(*) FROM documents d WHERE d.company_id = ?1 AND d.client_id = ?2)
 WHERE company_id = ?1"""
"""What its pictures took is the company's again."""
