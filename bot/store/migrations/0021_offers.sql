-- What a pair was offered for an hour; the same for both, whatever either did.
CREATE TABLE offers (
    pair_id TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
    feature TEXT NOT NULL,
    closes_at INTEGER NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (pair_id, feature, closes_at)
) STRICT, WITHOUT ROWID;

-- A topic one of the two put forward to find a middle way on, sealed under their key.
CREATE TABLE middle_ways (
    id TEXT PRIMARY KEY,
    pair_id TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    topic BLOB NOT NULL,
    at INTEGER NOT NULL,
    closes_at INTEGER NOT NULL
) STRICT;

CREATE INDEX middle_ways_by_pair ON middle_ways (pair_id, closes_at);
CREATE INDEX middle_ways_by_participant ON middle_ways (participant_id);
