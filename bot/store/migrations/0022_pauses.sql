-- A pause of two people; one at a time.
CREATE TABLE pauses (
    id TEXT PRIMARY KEY,
    pair_id TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
    called_by TEXT REFERENCES participants (id) ON DELETE SET NULL,
    called_at INTEGER NOT NULL,
    returns_at INTEGER NOT NULL,
    longer INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    held INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE UNIQUE INDEX pauses_one ON pauses (pair_id) WHERE state IN ('on', 'back');
CREATE INDEX pauses_due ON pauses (returns_at) WHERE state IN ('on', 'back');
CREATE INDEX pauses_held ON pauses (held) WHERE held = 1;

-- Who said that they are ready, or not today; one alone shows nothing.
CREATE TABLE pause_answers (
    pause_id TEXT NOT NULL REFERENCES pauses (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    ready INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (pause_id, participant_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX pause_answers_by_participant ON pause_answers (participant_id);
