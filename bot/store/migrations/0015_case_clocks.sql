-- The clock of each case: one row, kept when it stands still, so that no round comes twice.
CREATE TABLE case_clocks (
    case_id TEXT PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (
        state IN ('unclaimed', 'asked_again', 'uncontacted', 'morning', 'stopped')
    ),
    severity INTEGER NOT NULL,
    round INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    fired INTEGER NOT NULL,
    due_at INTEGER,
    seen_at INTEGER NOT NULL
) STRICT;

CREATE INDEX case_clocks_due ON case_clocks (due_at) WHERE due_at IS NOT NULL;

-- How urgently the team was last rung for a case, for each thing it was about.
CREATE TABLE case_rings (
    case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    about TEXT NOT NULL,
    severity INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (case_id, about)
) STRICT, WITHOUT ROWID;

-- Cases that were open before there were clocks: looked at once, at the first start.
INSERT INTO case_clocks
SELECT
    id,
    'unclaimed',
    severity,
    1,
    opened_at,
    0,
    opened_at,
    opened_at
FROM cases
WHERE state = 'open' AND circle <> 'nobody';
