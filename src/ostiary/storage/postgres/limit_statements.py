"""The standings of the rate limit, shared by all processes. Times are the server's: machines' may differ."""

EXCHANGE = """WITH clock AS (SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms,
  set_config('synchronous_commit', 'off', true))
 INSERT INTO rate_limits AS r
  (who, second, spent, spent_before, violations, violated_at_ms, blocked_until_ms, seen_at_ms)
 SELECT told.who, clock.ms / 1000, told.spent, 0, told.violations, clock.ms - told.violated_ago_ms,
  clock.ms + told.blocked_for_ms, clock.ms
  FROM clock, unnest(?1::bytea[], ?2::bigint[], ?3::bigint[], ?4::bigint[], ?5::bigint[])
   AS told(who, spent, violations, violated_ago_ms, blocked_for_ms) ORDER BY told.who
 ON CONFLICT (who) DO UPDATE SET
  spent = CASE r.second WHEN excluded.second THEN r.spent + excluded.spent ELSE excluded.spent END,
  spent_before = CASE r.second WHEN excluded.second THEN r.spent_before
   WHEN excluded.second - 1 THEN r.spent ELSE 0 END,
  second = greatest(r.second, excluded.second),
  violations = CASE WHEN r.violated_at_ms < excluded.seen_at_ms - ?6 THEN excluded.violations
   ELSE greatest(r.violations, excluded.violations) END,
  violated_at_ms = greatest(r.violated_at_ms, excluded.violated_at_ms),
  blocked_until_ms = greatest(r.blocked_until_ms, excluded.blocked_until_ms), seen_at_ms = excluded.seen_at_ms
 RETURNING who, spent, spent_before, seen_at_ms % 1000, violations, seen_at_ms - violated_at_ms,
  blocked_until_ms - seen_at_ms"""
"""In the order of `who`, so that two processes never wait for each other's rows."""
SWEPT_TOGETHER = 500
"""Old standings are removed in batches small enough not to hold up the processes that exchange theirs."""
SWEEP = f"""DELETE FROM rate_limits WHERE who IN (SELECT who FROM rate_limits WHERE seen_at_ms <
  (extract(epoch FROM clock_timestamp()) * 1000)::bigint - ?1 ORDER BY seen_at_ms LIMIT {SWEPT_TOGETHER})"""  # noqa: S608
