/* The audit table, the same in every file: append-only, without gaps, each row carrying the hash of the one before. */
#ifndef TENANTS_AUDIT_TABLE_H
#define TENANTS_AUDIT_TABLE_H

#define AUDIT_TABLE                                                                                                    \
    "CREATE TABLE audit ("                                                                                             \
    "  seq INTEGER PRIMARY KEY,"                                                                                       \
    "  at_ms INTEGER NOT NULL,"                                                                                        \
    "  who TEXT NOT NULL CHECK (who <> ''),"                                                                           \
    "  action TEXT NOT NULL CHECK (action <> ''),"                                                                     \
    "  object TEXT NOT NULL,"                                                                                          \
    "  place TEXT NOT NULL,"                                                                                           \
    "  why TEXT NOT NULL,"                                                                                             \
    "  request_id TEXT NOT NULL,"                                                                                      \
    "  detail TEXT NOT NULL,"                                                                                          \
    "  previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),"                                                \
    "  hash BLOB NOT NULL CHECK (length(hash) = 32)"                                                                   \
    ") STRICT;"                                                                                                        \
    "CREATE TRIGGER audit_chains BEFORE INSERT ON audit BEGIN"                                                         \
    "  SELECT RAISE(ABORT, 'audit: a row goes at the end')"                                                            \
    "    WHERE NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit);"                                          \
    "  SELECT RAISE(ABORT, 'audit: a row carries the hash of the one before')"                                         \
    "    WHERE NEW.previous_hash IS NOT"                                                                               \
    "      coalesce((SELECT hash FROM audit WHERE seq = NEW.seq - 1), zeroblob(32));"                                  \
    " END;"                                                                                                            \
    "CREATE TRIGGER audit_keeps BEFORE UPDATE ON audit BEGIN"                                                          \
    "  SELECT RAISE(ABORT, 'audit: is only added to');"                                                                \
    " END;"                                                                                                            \
    "CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN"                                                          \
    "  SELECT RAISE(ABORT, 'audit: is only added to');"                                                                \
    " END;"

#endif
