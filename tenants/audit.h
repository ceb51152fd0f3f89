/* Audit: who did what, when, where and why; the inner side, adding a row within a transaction.
 *
 *     hash = SHA-256 of (hash before, seq, at, who, action, object, where, why, request id, detail)
 *
 * with every text behind its length, so that no two rows have the same bytes. Who holds only the newest
 * hash can tell whether any earlier row was changed, taken out or put in. */
#ifndef TENANTS_AUDIT_H
#define TENANTS_AUDIT_H

#include "tenants/database.h"
#include "tenants/tenants.h"

struct audit_head {
    uint64_t seq; /* of the newest row; 0: none */
    struct digest hash;
};

enum status audit_head_read(struct database *db, struct audit_head *ret_head);
/* *head moves on when the row is in; the caller sets it back when it rolls back. */
enum status audit_add(struct database *db, struct audit_head *head, const struct actor *actor,
                      const char *action, struct str object, struct str detail);
/* The file's note of where the log ends moves on, once per transaction. It stays where it is when it
 * was not at `from`: somebody has taken rows away, and that must stay to be seen. */
enum status audit_end_move(struct database *db, const struct audit_head *from,
                           const struct audit_head *to);
/* Computes every row again, from a connection of any kind. `has_end`: the file has the note (schema 2).
 */
enum status audit_walk(struct database *db, bool has_end, struct audit_finding *ret_finding);
/* audit_search(), on a connection. */
enum status audit_page_read(struct database *db, const struct audit_filter *filter, uint64_t after_seq,
                            uint32_t rows, struct arena *arena, struct audit_page *ret_page);

#endif
