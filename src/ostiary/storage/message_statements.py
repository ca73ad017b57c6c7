"""Every statement about messages and the queues they wait in. Parameters are numbered (`?1`).

A queue's row says when the first of its messages is due, so that finding work never reads through messages. It may
be early (then there is nothing to do yet) but never late. A claimed message is due again when its lease runs out.
The claim serves the whole installation; every other statement names the company.
"""

from ostiary.domain.messages import NEVER_MS

# ---- adding ---------------------------------------------------------------------------------------------------------

ADD_MESSAGE = f"""INSERT INTO messages (company_id, message_id, topic, client_id, enablement_id, sequence, state,
 due_at_ms, lease, leased_until_ms, attempts, body, created_at_ms, ended_at_ms, queue, woken)
 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'pending',
  CASE WHEN EXISTS (SELECT 1 FROM messages e WHERE e.company_id = ?1 AND e.enablement_id = ?5 AND e.queue = ?10
   AND e.state = 'pending') THEN {NEVER_MS} ELSE ?7 END, NULL, 0, 0, ?8, ?9, NULL, ?10, 0)"""  # noqa: S608
"""A message waits for the earlier ones of its enablement in the same queue."""
FILL_QUEUE = """INSERT INTO queues (company_id, queue, due_at_ms, lane) VALUES (?1, ?2, ?3, ?4)
 ON CONFLICT (company_id, queue) DO UPDATE SET due_at_ms = ?3 WHERE queues.due_at_ms > ?3"""

# ---- claiming -------------------------------------------------------------------------------------------------------

GATHER = "SELECT 1 WHERE 0 = 1"
"""Where a queue's row is not filled at once, what arrived is brought there before claiming."""
NEXT_DUE = "SELECT due_at_ms FROM queues WHERE lane = ?1 ORDER BY due_at_ms LIMIT 1"
DUE_QUEUES = """SELECT company_id, queue FROM queues WHERE lane = ?1 AND due_at_ms <= ?2 ORDER BY due_at_ms LIMIT ?3"""
MESSAGE_COLUMNS = "company_id, message_id, topic, client_id, enablement_id, sequence, due_at_ms, attempts, body, queue"
CLAIM_MESSAGES = f"""UPDATE messages SET lease = ?4, leased_until_ms = ?5, due_at_ms = ?5, attempts = attempts + 1
 WHERE company_id = ?1 AND message_id IN (SELECT message_id FROM messages
  WHERE company_id = ?1 AND queue = ?2 AND state = 'pending' AND due_at_ms <= ?3 ORDER BY due_at_ms LIMIT ?6)
 RETURNING {MESSAGE_COLUMNS}"""  # noqa: S608
HAND_BACK = """UPDATE messages SET due_at_ms = ?4, lease = NULL, leased_until_ms = 0, attempts = attempts - 1
 WHERE company_id = ?1 AND message_id = ?2 AND lease = ?3 AND state = 'pending' RETURNING queue"""
"""A claimed message that is nobody's again, as if it had not been claimed."""
SERVE_QUEUE = f"""UPDATE queues SET due_at_ms = max(?3, coalesce((SELECT due_at_ms FROM messages m
  WHERE m.company_id = ?1 AND m.queue = ?2 AND m.state = 'pending' ORDER BY due_at_ms LIMIT 1), {NEVER_MS}))
 WHERE company_id = ?1 AND queue = ?2"""  # noqa: S608
"""What is still due goes to the end of the line: queues are served in turn."""

# ---- settling -------------------------------------------------------------------------------------------------------

SETTLE_MESSAGE = """UPDATE messages SET state = ?4, due_at_ms = ?5, lease = NULL, leased_until_ms = 0, ended_at_ms = ?6,
  attempts = attempts - ?7, woken = CASE woken WHEN 1 THEN 2 ELSE 0 END
 WHERE company_id = ?1 AND message_id = ?2 AND lease = ?3 AND state = 'pending'"""
ADD_ATTEMPT = """INSERT INTO attempts (company_id, message_id, attempt_id, at_ms, ms, status, problem, answer)
 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"""
RELEASE_NEXT = f"""UPDATE messages SET due_at_ms = ?3 WHERE company_id = ?1 AND due_at_ms = {NEVER_MS}
 AND message_id = (SELECT n.message_id FROM messages m JOIN messages n ON n.company_id = m.company_id
   AND n.enablement_id = m.enablement_id AND n.queue = m.queue
  WHERE m.company_id = ?1 AND m.message_id = ?2 AND n.state = 'pending' ORDER BY n.sequence LIMIT 1)"""  # noqa: S608
WAKE_MESSAGES = f"""UPDATE messages SET due_at_ms = ?3, woken = 1 WHERE company_id = ?1 AND queue = ?2
 AND state = 'pending' AND due_at_ms > ?3 AND due_at_ms < {NEVER_MS} AND lease IS NULL AND woken = 0"""  # noqa: S608
"""One that was woken and failed again waits its whole next wait, or every success beside it would use up a try."""
DUE_FROM = "UPDATE queues SET due_at_ms = ?3 WHERE company_id = ?1 AND queue = ?2 AND due_at_ms > ?3"
DUE_IF_ANY = """UPDATE queues SET due_at_ms = ?3 WHERE company_id = ?1 AND queue = ?2 AND due_at_ms > ?3
 AND EXISTS (SELECT 1 FROM messages m WHERE m.company_id = ?1 AND m.queue = ?2 AND m.state = 'pending'
  AND m.due_at_ms <= ?3)"""
JUDGE_QUEUE = """UPDATE queues SET lane = ?3, failing_since_ms = ?4, succeeded_at_ms = ?5, disabled_at_ms = ?6,
  disabled_because = ?7 WHERE company_id = ?1 AND queue = ?2"""
HEALTH = """SELECT failing_since_ms, succeeded_at_ms, disabled_at_ms, disabled_because FROM queues
 WHERE company_id = ?1 AND queue = ?2"""

# ---- by hand --------------------------------------------------------------------------------------------------------

REDELIVER = f"""UPDATE messages SET state = 'pending', due_at_ms = ?3, ended_at_ms = NULL, attempts = 0, woken = 0
 WHERE company_id = ?1 AND message_id = ?2 AND lease IS NULL AND due_at_ms < {NEVER_MS}"""  # noqa: S608
WAKE_ALL = f"""UPDATE messages SET due_at_ms = ?3, woken = 0 WHERE company_id = ?1 AND queue = ?2
 AND state = 'pending' AND due_at_ms > ?3 AND due_at_ms < {NEVER_MS} AND lease IS NULL"""  # noqa: S608

# ---- reading --------------------------------------------------------------------------------------------------------

DELIVERY_COLUMNS = f"{MESSAGE_COLUMNS}, state, created_at_ms, ended_at_ms, lease IS NOT NULL"
DELIVERIES = f"""SELECT {DELIVERY_COLUMNS} FROM messages WHERE company_id = ?1 AND message_id < ?2
 AND topic = 'webhook' ORDER BY message_id DESC LIMIT ?3"""  # noqa: S608
DELIVERED = f"""SELECT {DELIVERY_COLUMNS} FROM messages WHERE company_id = ?1 AND message_id < ?2
 AND topic = 'webhook' AND state = 'delivered' ORDER BY message_id DESC LIMIT ?3"""  # noqa: S608
UNDELIVERED = f"""SELECT {DELIVERY_COLUMNS} FROM messages WHERE company_id = ?1 AND message_id < ?2
 AND topic = 'webhook' AND state = ?4 AND state <> 'delivered' ORDER BY message_id DESC LIMIT ?3"""  # noqa: S608
DELIVERIES_OF_REQUEST = f"""SELECT {DELIVERY_COLUMNS} FROM messages WHERE company_id = ?1 AND enablement_id = ?4
 AND queue = 'webhook' AND message_id < ?2 ORDER BY sequence DESC, message_id DESC LIMIT ?3"""  # noqa: S608
DELIVERY = f"""SELECT {DELIVERY_COLUMNS} FROM messages WHERE company_id = ?1 AND message_id = ?2
 AND topic = 'webhook'"""  # noqa: S608
ATTEMPTS = """SELECT attempt_id, at_ms, ms, status, problem, answer FROM attempts
 WHERE company_id = ?1 AND message_id = ?2 ORDER BY attempt_id"""
MESSAGE_COUNTS = """SELECT topic, state, count(*) FROM messages WHERE state = 'pending' GROUP BY topic, state
 UNION ALL SELECT topic, state, count(*) FROM messages WHERE state = 'failed' GROUP BY topic, state"""

# ---- forgetting -----------------------------------------------------------------------------------------------------

FORGOTTEN_TOGETHER = 500
"""Old messages are removed in batches small enough not to hold up a commit. Written into the statements: without a
number a planner expects a tenth of the table, and would rather read all of it."""

FORGET_ATTEMPTS = f"""DELETE FROM attempts WHERE company_id = ?1 AND message_id IN (SELECT message_id FROM messages
 WHERE company_id = ?1 AND message_id < ?2 AND state IN ('delivered', 'dropped', 'failed')
 ORDER BY message_id LIMIT {FORGOTTEN_TOGETHER})"""  # noqa: S608
FORGET_MESSAGES = f"""DELETE FROM messages WHERE company_id = ?1 AND message_id IN (SELECT message_id FROM messages
 WHERE company_id = ?1 AND message_id < ?2 AND state IN ('delivered', 'dropped', 'failed')
 ORDER BY message_id LIMIT {FORGOTTEN_TOGETHER}) RETURNING 1"""  # noqa: S608
