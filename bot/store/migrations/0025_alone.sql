-- Words somebody made with the composer, sealed under their key; sent to the other one, or not.
CREATE TABLE sayings (
    id TEXT PRIMARY KEY,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    pair_id TEXT REFERENCES pairs (id) ON DELETE SET NULL,
    frame TEXT NOT NULL,
    body BLOB NOT NULL,
    at INTEGER NOT NULL,
    sent_at INTEGER
) STRICT;

CREATE INDEX sayings_by_participant ON sayings (participant_id, at);
CREATE INDEX sayings_by_pair ON sayings (pair_id);

-- What somebody wrote or ticked for themselves alone: strengths, and looks at what they carry.
CREATE TABLE own_notes (
    id TEXT PRIMARY KEY,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX own_notes_by_participant ON own_notes (participant_id, kind, at);

-- Who of two would like danger words looked for in their thread; one alone changes nothing.
-- A yes taken back holds for the other one's words until the day on which all spaces change.
CREATE TABLE pair_screening (
    pair_id TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    until INTEGER,
    PRIMARY KEY (pair_id, participant_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX pair_screening_by_participant ON pair_screening (participant_id);

-- Speaking and listening in turns; what is said stays in the thread or goes.
CREATE TABLE turns (
    id TEXT PRIMARY KEY,
    pair_id TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
    begun_by TEXT REFERENCES participants (id) ON DELETE SET NULL,
    speaker_id TEXT REFERENCES participants (id) ON DELETE SET NULL,
    step TEXT NOT NULL,
    moves INTEGER NOT NULL DEFAULT 0,
    thread_id INTEGER,
    begun_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    decide_at INTEGER
) STRICT;

CREATE UNIQUE INDEX turns_one ON turns (pair_id)
WHERE step IN ('speak', 'say_back', 'check', 'deciding');
CREATE INDEX turns_unfinished ON turns (step)
WHERE step IN ('speak', 'say_back', 'check', 'deciding', 'removing');
CREATE INDEX turns_begun ON turns (begun_by);
CREATE INDEX turns_speaker ON turns (speaker_id);

-- Who would keep what was written; only both together keep it.
CREATE TABLE turn_keeps (
    turn_id TEXT NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    PRIMARY KEY (turn_id, participant_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX turn_keeps_by_participant ON turn_keeps (participant_id);
