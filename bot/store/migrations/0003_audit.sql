-- The log names people and cases by random IDs of its own; deleting a row here makes the
-- log's lines about them anonymous without touching the lines.
CREATE TABLE audit_subjects (
    id TEXT PRIMARY KEY,
    participant_id TEXT UNIQUE,
    case_id TEXT UNIQUE,
    staff_id INTEGER UNIQUE,
    CHECK ((participant_id IS NOT NULL) + (case_id IS NOT NULL) + (staff_id IS NOT NULL) = 1)
) STRICT;

-- A month that is over. Its lines may be dropped once it is marked so; its last hash stays.
CREATE TABLE audit_segments (
    month INTEGER PRIMARY KEY,
    last_id INTEGER NOT NULL,
    last_hash BLOB NOT NULL,
    sealed_at INTEGER NOT NULL,
    dropped_at INTEGER
) STRICT;

CREATE TABLE audit_entries (
    id INTEGER PRIMARY KEY,
    month INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    facts TEXT NOT NULL,
    reason_row TEXT,
    reason BLOB,
    previous BLOB NOT NULL
) STRICT;

CREATE INDEX audit_entries_by_subject ON audit_entries (subject);
CREATE INDEX audit_entries_by_actor ON audit_entries (actor);

CREATE TRIGGER audit_entries_never_change BEFORE UPDATE ON audit_entries
BEGIN
    SELECT RAISE(ABORT, 'the audit log is never changed');
END;

CREATE TRIGGER audit_entries_drop_by_month BEFORE DELETE ON audit_entries
WHEN NOT EXISTS (
    SELECT 1 FROM audit_segments WHERE month = OLD.month AND dropped_at IS NOT NULL
)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is only dropped by whole sealed months');
END;

CREATE TRIGGER audit_segments_only_marked BEFORE UPDATE ON audit_segments
WHEN OLD.dropped_at IS NOT NULL
    OR NEW.month <> OLD.month
    OR NEW.last_id <> OLD.last_id
    OR NEW.last_hash <> OLD.last_hash
    OR NEW.sealed_at <> OLD.sealed_at
BEGIN
    SELECT RAISE(ABORT, 'a sealed month is never changed');
END;

CREATE TRIGGER audit_segments_stay BEFORE DELETE ON audit_segments
BEGIN
    SELECT RAISE(ABORT, 'the hash of a sealed month is never deleted');
END;
