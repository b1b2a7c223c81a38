-- The life of a case between its claim and its end.
ALTER TABLE cases ADD COLUMN backup_id INTEGER;
ALTER TABLE cases ADD COLUMN backup_asked_at INTEGER;
ALTER TABLE cases ADD COLUMN offered_to INTEGER;
ALTER TABLE cases ADD COLUMN handed_by INTEGER;
ALTER TABLE cases ADD COLUMN busy_until INTEGER;
ALTER TABLE cases ADD COLUMN tried_at INTEGER;
ALTER TABLE cases ADD COLUMN closing TEXT;
ALTER TABLE cases ADD COLUMN closing_at INTEGER;
ALTER TABLE cases ADD COLUMN reopened_at INTEGER;

-- The steps of a playbook that somebody ticked.
CREATE TABLE case_steps (
    case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    step TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor_id INTEGER NOT NULL,
    PRIMARY KEY (case_id, step)
) STRICT, WITHOUT ROWID;

-- Discord's private threads of cases. A row outlives its case until the thread is dealt with:
-- with a member of the team it is where they write with the person, without one it is to go.
CREATE TABLE case_threads (
    thread_id INTEGER PRIMARY KEY,
    case_id TEXT NOT NULL,
    staff_id INTEGER,
    may_read INTEGER NOT NULL DEFAULT 1 CHECK (may_read IN (0, 1))
) STRICT;

CREATE INDEX case_threads_by_case ON case_threads (case_id);

-- The few cases whose cards must not stand where everyone on the team reads.
CREATE INDEX cases_apart ON cases (id) WHERE circle <> 'team';
