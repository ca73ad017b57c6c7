"""Where PostgreSQL needs other words than SQLite, each with its reason. An empty text: another statement does it.

Here many write at once. A queue's row would be a hot one: whoever adds a message would hold it until its commit is on
the disk, and the next would wait. So requests only add rows to `arrivals`, and who claims brings them to their queues.
"""

from ostiary.domain.messages import NEVER_MS
from ostiary.storage import message_statements as sql

ARRIVED_TOGETHER = 1_000
"""Taken from `arrivals` in one go, before claiming."""

_ARRIVES = """INSERT INTO arrivals (company_id, queue, due_at_ms, lane)
 SELECT ?1, queue, ?3, 0 FROM {first} GROUP BY queue"""

WORDS = {
    # A message waits for the newest pending one before it. Its row is locked until we commit, so that who settles it
    # either waits for us and then finds this message, or was first and we see that it is over. `|| ''` keeps the
    # planner from the index of all that waits, which looks as good as the request's own while the table is empty.
    sql.ADD_MESSAGE: f"""INSERT INTO messages (company_id, message_id, topic, client_id, enablement_id, sequence, state,
 due_at_ms, lease, leased_until_ms, attempts, body, created_at_ms, ended_at_ms, queue, woken)
 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'pending',
  CASE WHEN (SELECT e.message_id FROM messages e WHERE e.company_id = ?1 AND e.enablement_id = ?5 AND e.queue = ?10
   AND e.state || '' = 'pending' ORDER BY e.sequence DESC LIMIT 1 FOR SHARE) IS NULL THEN ?7 ELSE {NEVER_MS} END,
  NULL, 0, 0, ?8, ?9, NULL, ?10, 0)""",  # noqa: S608
    sql.FILL_QUEUE: "INSERT INTO arrivals (company_id, queue, due_at_ms, lane) VALUES (?1, ?2, ?3, ?4)",
    sql.GATHER: f"""WITH gone AS (DELETE FROM arrivals WHERE (company_id, arrival_id) IN
   (SELECT company_id, arrival_id FROM arrivals LIMIT {ARRIVED_TOGETHER} FOR UPDATE SKIP LOCKED)
   RETURNING company_id, queue, due_at_ms, lane)
 INSERT INTO queues (company_id, queue, due_at_ms, lane)
 SELECT company_id, queue, min(due_at_ms), max(lane) FROM gone GROUP BY company_id, queue ORDER BY company_id, queue
 ON CONFLICT (company_id, queue) DO UPDATE SET due_at_ms = least(queues.due_at_ms, excluded.due_at_ms)""",  # noqa: S608
    sql.NEXT_DUE: """SELECT least((SELECT due_at_ms FROM queues WHERE lane = ?1 ORDER BY due_at_ms LIMIT 1),
  (SELECT min(due_at_ms) FROM arrivals))""",
    # Workers do not wait for each other's claims.
    sql.DUE_QUEUES: f"{sql.DUE_QUEUES} FOR UPDATE SKIP LOCKED",
    sql.CLAIM_MESSAGES: f"""WITH taken AS MATERIALIZED (SELECT message_id AS id FROM messages
  WHERE company_id = ?1 AND queue = ?2 AND state = 'pending' AND due_at_ms <= ?3 ORDER BY due_at_ms LIMIT ?6
  FOR UPDATE SKIP LOCKED)
 UPDATE messages SET lease = ?4, leased_until_ms = ?5, due_at_ms = ?5, attempts = attempts + 1 FROM taken
 WHERE company_id = ?1 AND message_id = taken.id RETURNING {sql.MESSAGE_COLUMNS}""",  # noqa: S608
    sql.SERVE_QUEUE: sql.SERVE_QUEUE.replace("= max(?3", "= greatest(?3"),
    sql.DUE_IF_ANY: "",
    sql.DUE_FROM: "INSERT INTO arrivals (company_id, queue, due_at_ms, lane) VALUES (?1, ?2, ?3, 0)",
}

STEPS = {
    # What a settled message lets go, and what became due, arrives. The second statement reads what the first gives.
    sql.RELEASE_NEXT: (f"{sql.RELEASE_NEXT} RETURNING queue", _ARRIVES),
    sql.WAKE_MESSAGES: (f"{sql.WAKE_MESSAGES} RETURNING queue", _ARRIVES),
    sql.WAKE_ALL: (f"{sql.WAKE_ALL} RETURNING queue", _ARRIVES),
}
