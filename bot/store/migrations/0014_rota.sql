-- The rota. Days are weekdays as digits, Monday 0; empty for a shift on one date. Nobody's shift
-- waits for someone, such as after its person left the team.
CREATE TABLE shifts (
    id TEXT PRIMARY KEY,
    user_id INTEGER,
    days TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT,
    start_time TEXT NOT NULL,
    end_time TEXT NOT NULL,
    zone TEXT NOT NULL,
    level INTEGER NOT NULL,
    rooms TEXT NOT NULL,
    languages TEXT NOT NULL
) STRICT;

-- What differs on single dates: who is on instead (nobody where it was left empty), and when a
-- turn was ended before its time.
CREATE TABLE handed_shifts (
    shift_id TEXT NOT NULL REFERENCES shifts (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    user_id INTEGER,
    PRIMARY KEY (shift_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE ended_shifts (
    shift_id TEXT NOT NULL REFERENCES shifts (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    PRIMARY KEY (shift_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE swaps (
    id TEXT PRIMARY KEY,
    shift_id TEXT NOT NULL REFERENCES shifts (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    asker_id INTEGER NOT NULL,
    taker_id INTEGER NOT NULL,
    back_shift_id TEXT REFERENCES shifts (id) ON DELETE CASCADE,
    back_day TEXT,
    state TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    settled_at INTEGER
) STRICT;

CREATE INDEX swaps_by_back_shift ON swaps (back_shift_id);
-- One request at a time for a shift on a date.
CREATE UNIQUE INDEX swaps_one_open ON swaps (shift_id, day) WHERE state = 'asked';

-- Who agreed to be called out while off duty; where is sealed.
CREATE TABLE volunteers (
    user_id INTEGER PRIMARY KEY REFERENCES staff (user_id) ON DELETE CASCADE,
    way TEXT NOT NULL,
    target BLOB NOT NULL,
    agreed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE rota_rules (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    cover_days TEXT NOT NULL,
    cover_start TEXT NOT NULL,
    cover_end TEXT NOT NULL,
    cover_zone TEXT NOT NULL,
    cover_since TEXT NOT NULL,
    is_small INTEGER NOT NULL,
    calls_volunteers INTEGER NOT NULL,
    outside TEXT NOT NULL
) STRICT;

-- Gaps the leads were told of, so that each is said once.
CREATE TABLE told_gaps (
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (starts_at, ends_at)
) STRICT, WITHOUT ROWID;

-- What one shift tells the next; text and the people it names are sealed together.
CREATE TABLE handovers (
    id TEXT PRIMARY KEY,
    author_id INTEGER NOT NULL,
    written_at INTEGER NOT NULL,
    note BLOB NOT NULL
) STRICT;

CREATE INDEX handovers_by_time ON handovers (written_at);

CREATE TABLE handover_reads (
    handover_id TEXT NOT NULL REFERENCES handovers (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    PRIMARY KEY (handover_id, user_id)
) STRICT, WITHOUT ROWID;
