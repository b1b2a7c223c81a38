-- A version of a plan that one of the two put before the other; it never changes. Its text is in
-- plan_parts, under its authors' keys; once both have signed, also in body, under the pair's key.
CREATE TABLE plan_versions (
    id TEXT PRIMARY KEY,
    pair_id TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    put_by TEXT REFERENCES participants (id) ON DELETE SET NULL,
    put_at INTEGER NOT NULL,
    review_on TEXT,
    review_at INTEGER,
    in_force_at INTEGER,
    body BLOB,
    UNIQUE (pair_id, number)
) STRICT;

CREATE INDEX plan_versions_by_author ON plan_versions (put_by);
CREATE INDEX plan_versions_review ON plan_versions (review_at) WHERE review_at IS NOT NULL;

-- What one of the two gave to a version: the joint sections, or what they will do themselves.
CREATE TABLE plan_parts (
    version_id TEXT NOT NULL REFERENCES plan_versions (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    section TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (version_id, participant_id, section)
) STRICT, WITHOUT ROWID;

CREATE INDEX plan_parts_by_participant ON plan_parts (participant_id);

CREATE TABLE plan_signatures (
    version_id TEXT NOT NULL REFERENCES plan_versions (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    PRIMARY KEY (version_id, participant_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX plan_signatures_by_participant ON plan_signatures (participant_id);

-- What someone writes before they put it forward; only they ever see it.
CREATE TABLE plan_drafts (
    pair_id TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    section TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (pair_id, participant_id, section)
) STRICT, WITHOUT ROWID;

CREATE INDEX plan_drafts_by_participant ON plan_drafts (participant_id);

-- Someone's private page beside the plan. Nothing the other one is shown is ever made from it.
CREATE TABLE plan_pages (
    pair_id TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    body BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (pair_id, participant_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX plan_pages_by_participant ON plan_pages (participant_id);

-- An agreement one of the two put forward; joint holds its text once the other agreed.
CREATE TABLE agreements (
    id TEXT PRIMARY KEY,
    pair_id TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
    put_by TEXT REFERENCES participants (id) ON DELETE SET NULL,
    made_at INTEGER NOT NULL,
    put_at INTEGER,
    revisit_on TEXT,
    revisit_at INTEGER,
    agreed_at INTEGER,
    joint BLOB
) STRICT;

CREATE INDEX agreements_by_pair ON agreements (pair_id, made_at);
CREATE INDEX agreements_by_author ON agreements (put_by);
CREATE INDEX agreements_revisit ON agreements (revisit_at) WHERE revisit_at IS NOT NULL;

-- Its words, under its author's key.
CREATE TABLE agreement_texts (
    agreement_id TEXT PRIMARY KEY REFERENCES agreements (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    body BLOB NOT NULL
) STRICT;

CREATE INDEX agreement_texts_by_participant ON agreement_texts (participant_id);

CREATE TABLE agreement_answers (
    agreement_id TEXT PRIMARY KEY REFERENCES agreements (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    answer TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX agreement_answers_by_participant ON agreement_answers (participant_id);

-- The pairs that have a key of their own: it is destroyed once the pair is closed or gone.
CREATE TABLE pair_keys (
    pair_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
