CREATE TABLE duty (
    user_id INTEGER PRIMARY KEY REFERENCES staff (user_id) ON DELETE CASCADE,
    since INTEGER NOT NULL
) STRICT;

CREATE TABLE conflicts (
    staff_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    PRIMARY KEY (staff_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE cases (
    id TEXT PRIMARY KEY,
    ref TEXT NOT NULL UNIQUE,
    participant_id TEXT REFERENCES participants (id) ON DELETE SET NULL,
    user_id INTEGER NOT NULL,
    source TEXT NOT NULL,
    severity INTEGER NOT NULL,
    state TEXT NOT NULL,
    circle TEXT NOT NULL,
    apart_thread_id INTEGER,
    owner_id INTEGER,
    opened_at INTEGER NOT NULL,
    paged_at INTEGER NOT NULL,
    claimed_at INTEGER,
    contacted_at INTEGER,
    closed_at INTEGER,
    resolution TEXT
) STRICT;

CREATE INDEX cases_by_user ON cases (user_id, state);
CREATE INDEX cases_unclosed ON cases (severity, opened_at) WHERE state <> 'closed';
-- One request of a kind at a time: two presses at once make one case.
CREATE UNIQUE INDEX cases_one_request ON cases (user_id, source)
    WHERE state <> 'closed' AND source NOT IN ('concern', 'staff');

CREATE TABLE case_events (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor_id INTEGER,
    note BLOB
) STRICT;

CREATE INDEX case_events_by_case ON case_events (case_id, at);

CREATE TABLE concerns (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    participant_id TEXT REFERENCES participants (id) ON DELETE SET NULL,
    reporter_id INTEGER NOT NULL,
    about_id INTEGER,
    reason TEXT NOT NULL,
    body BLOB NOT NULL,
    channel_id INTEGER,
    message_id INTEGER,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX concerns_by_case ON concerns (case_id);
CREATE INDEX concerns_by_participant ON concerns (participant_id);
