/* Submission: the listing that both a page and a walk are made of. */
#ifndef TENANTS_SUBMISSION_H
#define TENANTS_SUBMISSION_H

#include "tenants/reader.h"

/* Up to `seq_max`; `rows` and limit(PAGE_BYTES) cap the page. */
enum status submission_list_in(struct database *db, const struct submission_query *query,
                               uint64_t seq_max, uint32_t rows, struct arena *arena,
                               struct submission_page *ret_page);
/* Those of one version after one seq, by seq: wanted->form, version, after_seq. */
enum status submission_list_by_seq_in(struct database *db, const struct submission_query *wanted,
                                      uint32_t rows, struct arena *arena,
                                      struct submission_page *ret_page);
enum status submission_find_in(struct database *db, struct str id, struct arena *arena,
                               struct submission_record *ret_submission);
/* Those after the place of `wanted`. */
enum status submission_count_in(struct database *db, const struct submission_query *wanted,
                                uint64_t seq_max, struct mem *mem, uint64_t *ret_count);
/* Of the newest one of all forms; 0: none. */
enum status submission_newest_in(struct database *db, uint64_t *ret_seq);
/* Adds what the present transaction stored to the forms' rows: once for a batch, not once for each. */
enum status submission_count_up(struct vault *vault);
/* When a transaction begins, and before whatever else may change a form in it. */
void submission_forget_gate(struct vault *vault);

#endif
