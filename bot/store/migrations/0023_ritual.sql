-- One of the two parts of a day's ritual; each is given once, and each person gives one.
CREATE TABLE ritual_parts (
    pair_id TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    part TEXT NOT NULL,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    body BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (pair_id, day, part),
    UNIQUE (pair_id, day, participant_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX ritual_parts_by_participant ON ritual_parts (participant_id);

-- A day on which both parts were given; it stays when one of the two has their words deleted.
CREATE TABLE shared_days (
    pair_id TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    PRIMARY KEY (pair_id, day)
) STRICT, WITHOUT ROWID;

-- What one ticked for oneself; the other one sees nothing of it.
CREATE TABLE ritual_ticks (
    pair_id TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    ticks TEXT NOT NULL,
    PRIMARY KEY (pair_id, participant_id, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX ritual_ticks_by_participant ON ritual_ticks (participant_id);

-- An appreciation. `given_at`, when the other one could read it, is never shown to its author.
CREATE TABLE thanks (
    id TEXT PRIMARY KEY,
    pair_id TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    body BLOB NOT NULL,
    at INTEGER NOT NULL,
    is_held INTEGER NOT NULL,
    given_at INTEGER
) STRICT;

CREATE INDEX thanks_by_pair ON thanks (pair_id, participant_id);
CREATE INDEX thanks_by_participant ON thanks (participant_id, at);

-- What one says of a hard day: a draft until `tell_at` is set, said once `told_at` is.
CREATE TABLE tellings (
    id TEXT PRIMARY KEY,
    pair_id TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    body BLOB NOT NULL,
    at INTEGER NOT NULL,
    choice TEXT NOT NULL,
    tell_at INTEGER,
    told_at INTEGER
) STRICT;

CREATE INDEX tellings_by_participant ON tellings (participant_id, at);
CREATE INDEX tellings_due ON tellings (tell_at) WHERE told_at IS NULL;

-- A warning sign somebody wrote down about themselves, and the help that is welcome.
CREATE TABLE signs (
    id TEXT PRIMARY KEY,
    pair_id TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    body BLOB NOT NULL,
    at INTEGER NOT NULL,
    shared_at INTEGER,
    is_muted INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX signs_by_pair ON signs (pair_id, participant_id);
CREATE INDEX signs_by_participant ON signs (participant_id);

-- That somebody sent a sign on a day; nothing says whether it arrived.
CREATE TABLE noticings (
    pair_id TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    sign_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (pair_id, participant_id, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX noticings_by_participant ON noticings (participant_id);
