-- When shared spaces open and close for the whole group, and whether they open only then.
ALTER TABLE programme ADD COLUMN boundary_weekday INTEGER NOT NULL DEFAULT 6;
ALTER TABLE programme ADD COLUMN boundary_time TEXT NOT NULL DEFAULT '20:00:00';
ALTER TABLE programme ADD COLUMN opens_in_batches INTEGER NOT NULL DEFAULT 0;

-- A wish of one person; whatever becomes of it, they read the same sentence.
CREATE TABLE pair_invites (
    id TEXT PRIMARY KEY,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX pair_invites_waiting ON pair_invites (participant_id, user_id, kind)
WHERE state = 'waiting';
CREATE INDEX pair_invites_to ON pair_invites (user_id, state);
CREATE INDEX pair_invites_expiry ON pair_invites (expires_at) WHERE state = 'waiting';

CREATE TABLE pairs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    zone TEXT NOT NULL,
    agreed_at INTEGER NOT NULL,
    opens_at INTEGER,
    opened_at INTEGER,
    closes_at INTEGER,
    closed_at INTEGER,
    guarded_at INTEGER,
    thread_id INTEGER,
    is_shut INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX pairs_unfinished ON pairs (state) WHERE state <> 'closed';

-- One of the two. What a member did in private (left_at, parting, talked_at) is never joined into
-- anything the other one is shown.
CREATE TABLE pair_members (
    pair_id TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    left_at INTEGER,
    parting TEXT,
    talked_at INTEGER,
    talked_by INTEGER,
    sees INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (pair_id, participant_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX pair_members_by_participant ON pair_members (participant_id);

-- Things that open together, or not at all.
CREATE TABLE openings (
    id TEXT PRIMARY KEY,
    pair_id TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
    feature TEXT NOT NULL,
    subject TEXT NOT NULL,
    closes_at INTEGER NOT NULL,
    opens_at INTEGER NOT NULL,
    is_held INTEGER NOT NULL,
    state TEXT NOT NULL,
    UNIQUE (pair_id, feature, closes_at, subject)
) STRICT;

CREATE INDEX openings_due ON openings (opens_at) WHERE state = 'waiting';

-- What one of the two wrote, sealed under that one's own key.
CREATE TABLE contributions (
    opening_id TEXT NOT NULL REFERENCES openings (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    choice TEXT NOT NULL,
    body BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (opening_id, participant_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX contributions_by_participant ON contributions (participant_id);
