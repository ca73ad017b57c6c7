"""Where PostgreSQL needs other words than SQLite, each with its reason. An empty text: another statement does it.

Here many write at once. A queue's row would be a hot one: whoever adds a message would hold it until its commit is on
the disk, and the next would wait. So requests only add rows to `arrivals`, and who claims brings them to their queues.
"""

from ostiary.domain.delivery.messages import NEVER_MS
from ostiary.storage.keys import rewrapping
from ostiary.storage.keys.masters import WRAPPED_BYTES
from ostiary.storage.privacy import erasures, removal
from ostiary.storage.review import queue
from ostiary.storage.tables import audit, messages, outbox, queues, stored_bytes

ARRIVED_TOGETHER = 1_000
"""Taken from `arrivals` in one go, before claiming."""

_ARRIVES = """INSERT INTO arrivals (company_id, queue, due_at_ms, lane)
 SELECT ?1, queue, ?3, 0 FROM {first} GROUP BY queue"""

WORDS = {
    # A message waits for the newest pending one before it. Its row is locked until we commit, so that who settles it
    # either waits for us and then finds this message, or was first and we see that it is over. `|| ''` keeps the
    # planner from the index of all that waits, which looks as good as the request's own while the table is empty.
    messages.ADD_MESSAGE: f"""INSERT INTO messages (company_id, message_id, topic, client_id, enablement_id, sequence,
 state, due_at_ms, lease, leased_until_ms, attempts, body, created_at_ms, ended_at_ms, queue, woken)
 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'pending',
  CASE WHEN (SELECT e.message_id FROM messages e WHERE e.company_id = ?1 AND e.enablement_id = ?5 AND e.queue = ?10
   AND e.state || '' = 'pending' ORDER BY e.sequence DESC LIMIT 1 FOR SHARE) IS NULL THEN ?7 ELSE {NEVER_MS} END,
  NULL, 0, 0, ?8, ?9, NULL, ?10, 0)""",  # noqa: S608
    queues.FILL_QUEUE: "INSERT INTO arrivals (company_id, queue, due_at_ms, lane) VALUES (?1, ?2, ?3, ?4)",
    queues.MERGE_ARRIVALS: f"""WITH gone AS (DELETE FROM arrivals WHERE (company_id, arrival_id) IN
   (SELECT company_id, arrival_id FROM arrivals LIMIT {ARRIVED_TOGETHER} FOR UPDATE SKIP LOCKED)
   RETURNING company_id, queue, due_at_ms, lane)
 INSERT INTO queues (company_id, queue, due_at_ms, lane)
 SELECT company_id, queue, min(due_at_ms), max(lane) FROM gone GROUP BY company_id, queue ORDER BY company_id, queue
 ON CONFLICT (company_id, queue) DO UPDATE SET due_at_ms = least(queues.due_at_ms, excluded.due_at_ms)""",  # noqa: S608
    queues.NEXT_DUE: """SELECT least((SELECT due_at_ms FROM queues WHERE lane = ?1 ORDER BY due_at_ms LIMIT 1),
  (SELECT min(due_at_ms) FROM arrivals))""",
    # The planner chooses the index itself.
    **{
        text: text.replace(" INDEXED BY messages_tests", "")
        for text in (messages.PENDING_TESTS, messages.ROOM_FOR_TEST)
    },
    erasures.ERASURES_OF_CLIENT: erasures.ERASURES_OF_CLIENT.replace(" INDEXED BY erasures_client", ""),
    **{text: text.replace(" INDEXED BY enablements_urgent", "") for text in (queue.URGENT_CASES, queue.URGENT_BEFORE)},
    # Nor does whoever keeps a document wait for another's commit: what it takes is inserted, and summed up later.
    stored_bytes.STORE_BYTES: "INSERT INTO stored_changes (company_id, bytes, documents) VALUES (?1, ?2, 1)",
    removal.TAKE_BYTES: """INSERT INTO stored_changes (company_id, bytes, documents)
 SELECT ?1, -coalesce(sum(bytes), 0)::bigint, -count(*) FROM documents WHERE company_id = ?1 AND client_id = ?2
 HAVING count(*) > 0""",
    stored_bytes.GATHER_STORED: f"""WITH gone AS (DELETE FROM stored_changes WHERE (company_id, change_id) IN
   (SELECT company_id, change_id FROM stored_changes LIMIT {ARRIVED_TOGETHER} FOR UPDATE SKIP LOCKED)
   RETURNING company_id, bytes, documents)
 INSERT INTO stored_bytes (company_id, bytes, documents)
 SELECT company_id, sum(bytes), sum(documents) FROM gone GROUP BY company_id ORDER BY company_id
 ON CONFLICT (company_id) DO UPDATE SET bytes = stored_bytes.bytes + excluded.bytes,
  documents = stored_bytes.documents + excluded.documents RETURNING 1""",  # noqa: S608
    stored_bytes.STORED: f"""SELECT coalesce(sum(bytes), 0)::bigint, coalesce(sum(documents), 0)::bigint
  FROM ({stored_bytes.STORED} UNION ALL
   SELECT bytes, documents FROM stored_changes WHERE company_id = ?1) stored""",  # noqa: S608
    stored_bytes.STORED_BY_COMPANY: f"""SELECT company_id, sum(bytes)::bigint, sum(documents)::bigint
  FROM ({stored_bytes.STORED_BY_COMPANY} UNION ALL
   SELECT company_id, bytes, documents FROM stored_changes) stored GROUP BY company_id""",  # noqa: S608
    # Workers do not wait for each other's claims.
    queues.DUE_QUEUES: f"{queues.DUE_QUEUES} FOR UPDATE SKIP LOCKED",
    outbox.CLAIM_MESSAGES: f"""WITH taken AS MATERIALIZED (SELECT message_id AS id FROM messages
  WHERE company_id = ?1 AND queue = ?2 AND state = 'pending' AND due_at_ms <= ?3 ORDER BY due_at_ms LIMIT ?6
  FOR UPDATE SKIP LOCKED)
 UPDATE messages SET lease = ?4, leased_until_ms = ?5, due_at_ms = ?5, attempts = attempts + 1 FROM taken
 WHERE company_id = ?1 AND message_id = taken.id RETURNING {messages.MESSAGE_COLUMNS}""",  # noqa: S608
    queues.ROTATE_QUEUE: queues.ROTATE_QUEUE.replace("= max(?3", "= greatest(?3"),
    queues.DUE_IF_ANY: "",
    queues.DUE_FROM: "INSERT INTO arrivals (company_id, queue, due_at_ms, lane) VALUES (?1, ?2, ?3, 0)",
    # Rows that somebody holds are left to the next pass: who waits for none can stand in nobody's way for long. Nor is
    # the disk waited for (`Rewrapping.run` says why): for this transaction, which is this statement, and no other.
    rewrapping.REWRAP_CLIENTS: f"""WITH given AS (SELECT value AS client_id,
   ((ordinality - 1) * {WRAPPED_BYTES} + 1)::int AS begins
   FROM json_array_elements_text(?2::json) WITH ORDINALITY),
  taken AS MATERIALIZED (SELECT c.client_id, g.begins FROM given g JOIN clients c
   ON c.company_id = ?1 AND c.client_id = g.client_id
   WHERE (SELECT set_config('synchronous_commit', 'off', true)) = 'off'
   AND c.data_key = substr(?4::bytea, g.begins, {WRAPPED_BYTES}) FOR NO KEY UPDATE OF c SKIP LOCKED)
 UPDATE clients c SET data_key = substr(?3::bytea, t.begins, {WRAPPED_BYTES}) FROM taken t
 WHERE c.company_id = ?1 AND c.client_id = t.client_id""",  # noqa: S608
    # One process counts at a time. JSON has functions of its own.
    audit.TALLY: f"{audit.TALLY} FOR UPDATE",
    audit.TALLIES: """SELECT t.company_id, t.content FROM json_array_elements_text(?1::json) j
 JOIN audit_tallies t ON t.company_id = j.value""",
    audit.COUNTED: """SELECT c.company_id, c.owner, c.length, c.seal, e.hash FROM json_array_elements(?1::json) j
 JOIN audit_census c ON c.company_id = j.value ->> 0 AND c.owner = j.value ->> 1
 LEFT JOIN audit_entries e ON e.company_id = c.company_id AND e.owner = c.owner AND e.position = c.length""",
    audit.COUNT: """INSERT INTO audit_census (company_id, owner, length, seal)
 SELECT value ->> 0, value ->> 1, (value ->> 2)::bigint, value ->> 3 FROM json_array_elements(?1::json)
 ON CONFLICT (company_id, owner) DO UPDATE SET length = excluded.length, seal = excluded.seal""",
    audit.KEEP_TALLIES: """INSERT INTO audit_tallies (company_id, content)
 SELECT value ->> 0, value ->> 1 FROM json_array_elements(?1::json)
 ON CONFLICT (company_id) DO UPDATE SET content = excluded.content""",
}

STEPS = {
    # What a settled message lets go arrives. The second statement reads what the first gives.
    messages.RELEASE_NEXT: (f"{messages.RELEASE_NEXT} RETURNING queue", _ARRIVES),
}
